// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/selection.cuh>
#include <terse/backend/cuda/shares.cuh>
#include <terse/backend/thrust/select.cuh> // magnitude_of

namespace terse::kernel {

/// How many entries are above a magnitude, and how many equal to it; added up like one number.
struct above_and_equal {
    std::uint64_t packed = 0;

    __device__ static above_and_equal of(std::uint32_t above, std::uint32_t equal) {
        return {std::uint64_t{equal} << 32 | above};
    }
    __device__ std::uint64_t above() const { return packed & 0xffffffffu; }
    __device__ std::uint64_t equal() const { return packed >> 32; }
};

/// Counts what is above the k-th largest magnitude and what is equal to it, in each tile and each share. A warp has a
/// tile.
template <class T>
struct count_selected {
    static constexpr unsigned threads = 256;
    static constexpr unsigned warps = threads / warp;
    struct shared {
        std::uint64_t of_warp[warps];
    };

    candidates_or_all<T> from;
    kernel::shares tiles;
    std::uint64_t* of_tile; ///< above_and_equal
    std::uint64_t* of_share;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        auto const last = from.state->last;
        bool const all = from.all();
        std::uint64_t sum = 0;
        for (auto t = tiles.begin(b.index()) + warp_of(b); t < tiles.end(b.index()); t += warps) {
            auto const entries = tile_entries<T>::of(from, all, t);
            std::uint32_t above = 0, equal = 0;
            for (unsigned begin = 0; begin < entries.count; begin += warp) {
                auto const j = begin + lane_of(b);
                auto const m = j < entries.count ? magnitude_of<T>()(entries.value[j]) : 0;
                above += count_bits(b.ballot(j < entries.count && m > last));
                equal += count_bits(b.ballot(j < entries.count && m == last));
            }
            auto const packed = above_and_equal::of(above, equal).packed;
            if (lane_of(b) == 0) of_tile[t] = packed;
            sum += packed;
        }
        if (lane_of(b) == 0) s.of_warp[warp_of(b)] = sum;
        b.sync();
        if (b.thread() != 0) return;
        for (unsigned w = 1; w < warps; ++w) sum += s.of_warp[w];
        of_share[b.index()] = sum;
    }
};

/// Writes the selected entries in index order: all above the k-th largest magnitude, and the first of those equal to
/// it. If `e` is given, where they are x is, they are moved out of there: e_i <- e_i - e_i.
template <class T>
struct write_selected {
    static constexpr unsigned threads = 256;
    static constexpr unsigned warps = threads / warp;
    struct shared {
        block_sums<threads, std::uint64_t> sums;
        std::uint64_t before[threads];
    };

    candidates_or_all<T> from;
    kernel::shares tiles;
    std::uint64_t const* of_tile;
    std::uint64_t const* of_share;
    T* e;
    std::uint64_t* indices;
    T* values;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        bool const all = from.all();
        std::uint64_t above = 0, equal = 0; // in the tiles before
        for (std::size_t share = b.thread(); share < b.index(); share += threads) {
            above += above_and_equal{of_share[share]}.above();
            equal += above_and_equal{of_share[share]}.equal();
        }
        above = s.sums(b, above).all;
        b.sync();
        equal = s.sums(b, equal).all;
        b.sync();
        auto const end = tiles.end(b.index());
        for (auto first = tiles.begin(b.index()); first < end; first += threads) { // a thread has a tile
            auto const t = first + b.thread();
            auto const here = s.sums(b, t < end ? of_tile[t] : 0);
            s.before[b.thread()] = here.before;
            b.sync();
            for (auto w = warp_of(b); w < threads && first + w < end; w += warps) { // a warp has a tile
                above_and_equal const before{s.before[w]};
                write_tile(b, tile_entries<T>::of(from, all, first + w), above + before.above(),
                           equal + before.equal());
            }
            above += above_and_equal{here.all}.above();
            equal += above_and_equal{here.all}.equal();
        }
    }

private:
    template <class B>
    __device__ void write_tile(B& b, tile_entries<T> const& entries, std::uint64_t above, std::uint64_t equal) const {
        auto const last = from.state->last;
        auto const ties = from.state->rank;
        auto to = above + (equal < ties ? equal : ties);
        for (unsigned begin = 0; begin < entries.count; begin += warp) {
            auto const j = begin + lane_of(b);
            bool const there = j < entries.count;
            auto const v = there ? entries.value[j] : T(0);
            auto const m = magnitude_of<T>()(v);
            auto const tied = b.ballot(there && m == last);
            bool const counts = m > last || (m == last && equal + count_bits(tied & lanes_before(b)) < ties);
            auto const chosen = b.ballot(there && counts);
            if (there && counts) {
                auto const i = entries.coordinate(j);
                auto const at = to + count_bits(chosen & lanes_before(b));
                auto const rest = v - v; // NaN if infinite
                indices[at] = i;
                values[at] = v;
                if (e != nullptr) e[i] = rest;
                if (!(rest == T(0))) b.add(&from.state->taken_bad, std::uint32_t{1});
            }
            to += count_bits(chosen);
            equal += count_bits(tied);
        }
    }
};

} // namespace terse::kernel
