// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/selection.cuh>
#include <terse/backend/thrust/select.cuh> // magnitude_of

namespace terse::kernel {

/// The pass over memory: every number of the source is made, written, and set aside if it is a candidate. A block has
/// one tile. Its candidates are kept in index order, so that no sort is needed later; room for them is reserved by one
/// addition, in whatever order blocks come.
template <class T, class Source>
struct collect {
    using area = tile<T>;
    static constexpr unsigned threads = area::threads;
    static constexpr unsigned warps = threads / warp;
    struct shared {
        std::uint32_t of_warp[warps];
        std::uint64_t first;
    };

    Source source;
    std::size_t d;
    selection<T>* state;
    candidate_store<T> store;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        constexpr auto size = pack<T>::size;
        auto& s = b.template shared<shared>();
        auto const offset = warp_of(b) * area::of_warp + lane_of(b) * size; // in the tile, in round 0
        auto const begin = b.index() * area::size;
        auto const at = [&](unsigned r) { return begin + offset + r * warp * size; };
        auto const from = state->from;

        pack<T> v[area::rounds];
        if (begin + area::size <= d) {
            typename Source::raw raw[area::rounds];
            for (unsigned r = 0; r < area::rounds; ++r) raw[r] = source.read(at(r));
            for (unsigned r = 0; r < area::rounds; ++r) v[r] = source.write(at(r), raw[r]);
        } else {
            for (unsigned r = 0; r < area::rounds; ++r)
                for (unsigned j = 0; j < size; ++j) v[r].x[j] = at(r) + j < d ? source.step(at(r) + j) : T(0);
        }
        if (from == selection<T>::nothing) return;

        // Candidates of each round, a byte for each: a warp has at most 128 of them.
        static_assert(area::rounds <= 4 && warp * size < 256);
        std::uint32_t mine = 0;
        for (unsigned r = 0; r < area::rounds; ++r)
            for (unsigned j = 0; j < size; ++j)
                mine += static_cast<std::uint32_t>(magnitude_of<T>()(v[r].x[j]) >= from) << 8 * r;
        auto const through = sum_through_lane(b, mine);
        auto const of_rounds = b.shuffle(through, warp - 1);
        std::uint32_t round_begin[area::rounds + 1] = {0};
        for (unsigned r = 0; r < area::rounds; ++r) round_begin[r + 1] = round_begin[r] + (of_rounds >> 8 * r & 255);
        if (lane_of(b) == 0) s.of_warp[warp_of(b)] = round_begin[area::rounds];
        b.sync();
        std::uint32_t total = 0, before = 0;
        for (unsigned w = 0; w < warps; ++w) {
            if (w == warp_of(b)) before = total;
            total += s.of_warp[w];
        }
        if (b.thread() == 0) {
            s.first = total == 0 ? 0 : b.add(&state->found, std::uint64_t{total});
            store.first[b.index()] = s.first;
            store.count[b.index()] = total;
        }
        if (total == 0) return;
        b.sync();
        if (s.first + total > store.capacity) return; // selection.found tells
        for (unsigned r = 0; r < area::rounds; ++r) {
            auto to = s.first + before + round_begin[r] + ((through - mine) >> 8 * r & 255);
            for (unsigned j = 0; j < size; ++j) {
                if (magnitude_of<T>()(v[r].x[j]) < from) continue;
                store.value[to] = v[r].x[j];
                store.offset[to] = static_cast<std::uint16_t>(offset + r * warp * size + j);
                ++to;
            }
        }
    }
};

} // namespace terse::kernel
