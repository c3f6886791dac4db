// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/collect.cuh>
#include <terse/backend/cuda/rank.cuh>
#include <terse/backend/cuda/sample.cuh>
#include <terse/backend/cuda/write.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>
#include <terse/random.hpp>

namespace terse::kernel {

/// The k largest numbers of a source, as many as there is room for, with ties to the lowest index, in index order.
/// If the source writes its numbers, those selected are moved out. Nobody waits for the device. Returns the
/// selection, on the device and in `temporary`; none if nothing was selected.
///
/// Besides the pass that the source needs anyway, a few of the candidates are read and written, about 1.1 k of them if
/// k is d / 10 and 2 k if it is d / 1000. Where a sample misleads, or helps not, the vector itself is read in their
/// place: once for each digit, and twice to write.
template <class T, class Device, Launcher Launch, class Source>
selection<T> const* select_largest(Launch launch, Source const& source, std::size_t d, view<Device, index_t> indices,
                                   view<Device, T> values, random_stream const& random, scratch<Device>& temporary,
                                   std::size_t most_shares = shares::few) {
    auto const k = indices.size();
    if (d == 0) return nullptr;
    auto* const state = temporary.template take<selection<T>>(1).data();
    auto const size = sample_size::of(d, k);
    auto const tiles = tile<T>::count(d);
    auto const capacity = size.rank == 0 ? 0 : std::min(d, 4 * k + 4096);
    candidate_store<T> const store{
        capacity, temporary.template take<T>(capacity).data(), temporary.template take<std::uint16_t>(capacity).data(),
        temporary.template take<std::uint64_t>(tiles).data(), temporary.template take<std::uint32_t>(tiles).data()};
    auto* const room = temporary.template take<magnitude_t<T>>(size.parts * sample_size::run).data();
    launch(sample_bound<T, Source>{source, d, size.parts, size.rank, {random.get_parameters()}, room, state}, 1);
    launch(collect<T, Source>{source, d, state, store}, tiles);
    if (k == 0) return nullptr;

    candidates_or_all<T> const from{source.now(), d, k, state, store};
    T* e = nullptr;
    if constexpr (Source::writes) e = source.e;
    shares const parts{tiles, most_shares};
    auto* const of_tile = temporary.template take<std::uint64_t>(tiles).data();
    auto* const of_share = temporary.template take<std::uint64_t>(parts.count()).data();
    for (unsigned p = 0; p < digits<T>::count; ++p) launch(find_digit<T>{p, from}, std::min<std::size_t>(tiles, 1024));
    launch(count_selected<T>{from, parts, of_tile, of_share}, parts.count());
    launch(write_selected<T>{from, parts, of_tile, of_share, e, indices.data(), values.data()}, parts.count());
    return state;
}

} // namespace terse::kernel
