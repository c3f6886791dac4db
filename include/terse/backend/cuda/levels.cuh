// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/level_grid.hpp>
#include <terse/backend/thrust/levels.cuh>

namespace terse::kernel {

/// Rounds numbers to levels and packs these, see element::round_group. A warp has four groups of 64; each lane draws
/// once for all four, and hands out what it drew. If `e` is given, it becomes what the levels do not say:
/// e_i <- x_i - u l_i.
template <class T>
struct round_groups {
    static constexpr unsigned threads = 256;
    static constexpr unsigned warps = threads / warp;
    static constexpr unsigned groups = 4;
    static constexpr unsigned most_width = 16;
    static constexpr unsigned at_once = warps * groups;
    struct shared {
        std::uint64_t word[at_once * most_width];
    };

    T const* x;
    std::size_t d;
    T const* units;
    std::size_t bucket;
    std::uint32_t levels;
    unsigned width; ///< at most 16
    element::philox random;
    std::uint64_t* words;
    T* e = nullptr; ///< may be x

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        for (auto w = b.thread(); w < at_once * width; w += threads) s.word[w] = 0;
        b.sync();
        auto const lane = lane_of(b);
        auto const first = b.index() * at_once + warp_of(b) * groups; // group
        auto const drawn = random(8 * (first + lane / 8) + lane % 8);
        for (unsigned g = 0; g < groups; ++g) {
            std::uint32_t draw[4];
            for (unsigned w = 0; w < 4; ++w) draw[w] = b.shuffle(drawn.word[w], 8 * g + lane % 8);
            for (unsigned half = 0; half < 2; ++half) {
                auto const j = lane + half * warp;
                auto const i = 64 * (first + g) + j;
                if (i >= d) continue;
                auto const bits = draw[2 * half + lane / 16] >> (lane / 8 % 2 * 16) & 0xffff;
                auto const v = x[i], unit = units[i / bucket];
                auto const level = element::level_of(v, unit, levels, bits, random, i);
                if (e != nullptr) e[i] = v - unit * static_cast<T>(level);
                put(b, s.word + (warp_of(b) * groups + g) * width, j * width, level);
            }
        }
        b.sync();
        auto const begin = b.index() * at_once * width;
        auto const all = d / 64 * width + (d % 64 * width + 63) / 64; // level_grid::words
        for (auto w = b.thread(); w < at_once * width && begin + w < all; w += threads) words[begin + w] = s.word[w];
    }

private:
    template <class B>
    __device__ void put(B& b, std::uint64_t* group, unsigned at, std::int32_t level) const {
        auto const bits = static_cast<std::uint64_t>(std::int64_t{level}) & ((std::uint64_t{1} << width) - 1);
        b.set_bits(group + at / 64, bits << at % 64);
        if (at % 64 + width > 64) b.set_bits(group + at / 64 + 1, bits >> (64 - at % 64));
    }
};

} // namespace terse::kernel
