// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/cuda/collect.cuh>
#include <terse/backend/cuda/rank.cuh>
#include <terse/backend/cuda/sample.cuh>
#include <terse/backend/cuda/write.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>
#include <terse/random.hpp>

namespace terse::kernel {

/// The k largest numbers of a source, as many as there is room for, with ties to the lowest index, in index order.
/// They leave a source that moves_out.
template <class T, class Device, class Source>
struct largest_of {
    Source source;
    view<Device, index_t> indices;
    view<Device, T> values;
    random_stream random;
    selection<T> const* selected = nullptr; ///< on the device and in temporary memory; none if nothing was selected.
                                            ///< Of several they are side by side.
};

template <class N, class Device>
N* room_for(std::size_t n, scratch<Device>& temporary) {
    return temporary.template take<N>(n).data();
}

/// Selects for several vectors of d coordinates, with room for k entries each, in as many launches as for one. Nobody
/// waits for the device.
///
/// Besides the pass that a source needs anyway, a few of the candidates are read and written, about 1.1 k of them if
/// k is d / 10 and 2 k if it is d / 1000. Where a sample misleads, or helps not, the vector itself is read in their
/// place: once for each digit, and twice to write.
template <class T, class Device, Launcher Launch, class Source>
void select_largest(Launch launch, std::span<largest_of<T, Device, Source>> all, std::size_t d,
                    scratch<Device>& temporary, std::size_t most_shares = shares::few) {
    if (d == 0 || all.empty()) return;
    auto const k = all.front().indices.size();
    auto const plan = sample_plan::of(d, k);
    auto const tiles = tile<T>::count(d);
    shares const parts{tiles, most_shares};
    struct memory {
        candidates_or_all<T> from;
        std::uint64_t *of_tile, *of_share;
    };
    std::vector<memory> rooms;
    auto* const states = room_for<selection<T>>(all.size(), temporary);
    for (auto const& one : all) {
        auto* const state = states + rooms.size();
        candidate_store<T> const store{
            plan.capacity, room_for<T>(plan.capacity, temporary), room_for<std::uint16_t>(plan.capacity, temporary),
            room_for<std::uint64_t>(tiles, temporary), room_for<std::uint32_t>(tiles, temporary)};
        rooms.push_back({{one.source.now(), d, k, state, store},
                         room_for<std::uint64_t>(tiles, temporary),
                         room_for<std::uint64_t>(parts.count(), temporary)});
    }
    auto const start = [&](std::size_t blocks, auto kernel_of) {
        std::vector<decltype(kernel_of(all.front(), rooms.front()))> kernels;
        for (std::size_t i = 0; i < all.size(); ++i) kernels.push_back(kernel_of(all[i], rooms[i]));
        launch(std::span(std::as_const(kernels)), blocks);
    };
    using one = largest_of<T, Device, Source>;
    start(1, [&](one const& v, memory const& m) {
        return sample_bound<T, Source>{v.source, plan, {v.random.get_parameters()}, m.from.state};
    });
    start(tiles, [&](one const& v, memory const& m) {
        return collect<T, Source>{v.source, d, m.from.state, m.from.store};
    });
    if (k == 0) return;

    for (unsigned p = 0; p < digits<T>::count; ++p)
        start(std::min<std::size_t>(tiles, 1024), [&](one const&, memory const& m) {
            return find_digit<T>{p, m.from};
        });
    start(parts.count(), [&](one const&, memory const& m) {
        return count_selected<T>{m.from, parts, m.of_tile, m.of_share};
    });
    start(parts.count(), [&](one& v, memory const& m) {
        T* e = nullptr;
        if constexpr (Source::moves_out) e = v.source.e;
        v.selected = m.from.state;
        return write_selected<T>{m.from, parts, m.of_tile, m.of_share, e, v.indices.data(), v.values.data()};
    });
}

} // namespace terse::kernel
