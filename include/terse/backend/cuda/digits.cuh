// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/magnitude.hpp>

namespace terse::kernel {

/// Magnitudes as numbers of few digits, the highest first: what a radix selection decides one after the other.
template <class T>
struct digits {
    static constexpr unsigned width = 11; ///< bits of a digit; the last may have less
    static constexpr unsigned values = 1u << width;
    static constexpr unsigned bits = 8 * sizeof(T) - 1;
    static constexpr unsigned count = (bits + width - 1) / width;

    /// Where digit p begins.
    __host__ __device__ static constexpr unsigned shift(unsigned p) {
        return bits > width * (p + 1) ? bits - width * (p + 1) : 0;
    }
    __device__ static unsigned digit(magnitude_t<T> m, unsigned p) {
        auto const above = p == 0 ? bits : shift(p - 1);
        return static_cast<unsigned>(m >> shift(p)) & ((1u << (above - shift(p))) - 1);
    }
    /// Whether the digits before p are those of `of`.
    __device__ static bool agree(magnitude_t<T> m, magnitude_t<T> of, unsigned p) {
        return p == 0 || m >> shift(p - 1) == of >> shift(p - 1);
    }
};

/// Finds a value by its rank, the largest first, where it is known how often each value occurs.
template <unsigned Threads, unsigned Values, class Count>
struct find_rank {
    static constexpr unsigned each = Values / Threads; ///< values that a thread looks at
    static_assert(Values % Threads == 0);

    block_sums<Threads, std::uint64_t> sums;
    std::uint64_t value;
    std::uint64_t rank;

    /// For all threads of the block: `value` of rank `wanted` >= 1, and its rank among those equal to it. The thread of
    /// the value sees `occurs` before a sync() that is the caller's.
    template <class B>
    __device__ void operator()(B& b, Count const* occurs, std::uint64_t wanted) {
        auto const highest = Values - 1 - b.thread() * each;
        std::uint64_t mine = 0;
        for (unsigned j = 0; j < each; ++j) mine += occurs[highest - j];
        auto before = sums(b, mine).before;
        if (before < wanted && wanted <= before + mine) {
            auto v = highest;
            for (; before + occurs[v] < wanted; --v) before += occurs[v];
            value = v;
            rank = wanted - before;
        }
        b.sync();
    }
};

/// Counts a value in shared memory. Lanes with the value of the first one that counts are counted together, because
/// where one value is frequent, such as zero, they would wait for each other.
template <class B>
__device__ void count_value(B& b, std::uint32_t* occurs, unsigned value, bool counts) {
    auto const counting = b.ballot(counts);
    auto const leader = first_lane(counting);
    auto const common = b.shuffle(static_cast<std::uint32_t>(value), leader);
    auto const together = b.ballot(counts && value == common);
    if (!counts) return;
    if (value != common)
        b.add(occurs + value, std::uint32_t{1});
    else if (lane_of(b) == leader)
        b.add(occurs + value, static_cast<std::uint32_t>(count_bits(together)));
}

} // namespace terse::kernel
