// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/level_grid.hpp>
#include <terse/backend/thrust/levels.cuh>

namespace terse::kernel {

/// Rounds numbers to levels and packs these, see element::round_group. A warp has four groups of 64, and each lane two
/// numbers of each; it draws once for all four groups, and hands out what it drew. If `e` is given, it becomes what the
/// levels do not say: e_i <- x_i - u l_i.
template <class T>
struct round_groups {
    static constexpr unsigned threads = 256;
    static constexpr unsigned warps = threads / warp;
    static constexpr unsigned groups = 4;
    static constexpr unsigned most_width = 16;
    static constexpr unsigned at_once = warps * groups;
    struct shared {
        std::uint32_t half_word[2 * at_once * most_width]; ///< bits are set in those without a loop
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
        for (auto w = b.thread(); w < 2 * at_once * width; w += threads) s.half_word[w] = 0;
        b.sync();
        auto const lane = lane_of(b);
        auto const first = b.index() * at_once + warp_of(b) * groups; // group
        auto const drawn = random(8 * (first + lane / 8) + lane % 8);
        bucket_of_thread here{*this, 64 * first + lane};
        auto const read = [&](unsigned g, unsigned which) {
            auto const i = 64 * (first + g) + which * warp + lane;
            return i < d ? x[i] : T(0);
        };
        T next[2] = {read(0, 0), read(0, 1)};
        for (unsigned g = 0; g < groups; ++g) {
            T const now[2] = {next[0], next[1]};
            for (unsigned n = 0; n < 2; ++n) next[n] = g + 1 < groups ? read(g + 1, n) : T(0);
            std::uint32_t draw[4];
            for (unsigned w = 0; w < 4; ++w) draw[w] = b.shuffle(drawn.word[w], 8 * g + lane % 8);
            for (unsigned n = 0; n < 2; ++n) {
                auto const j = lane + n * warp;
                auto const i = 64 * (first + g) + j;
                if (i >= d) continue;
                auto const bits = (lane < 16 ? draw[2 * n] : draw[2 * n + 1]) >> (lane / 8 % 2 * 16) & 0xffff;
                auto const level = element::level_of(now[n], here.steps, levels, bits, random, i);
                if (e != nullptr) e[i] = now[n] - here.unit * static_cast<T>(level);
                put(b, s.half_word + 2 * (warp_of(b) * groups + g) * width, j * width, level);
                here.advance(*this, i + warp);
            }
        }
        b.sync();
        auto const begin = b.index() * at_once * width;
        auto const all = d / 64 * width + (d % 64 * width + 63) / 64; // level_grid::words
        for (auto w = b.thread(); w < at_once * width && begin + w < all; w += threads)
            words[begin + w] = std::uint64_t{s.half_word[2 * w + 1]} << 32 | s.half_word[2 * w];
    }

private:
    // The bucket of a thread's number, which is mostly that of its next one too: divisions are slow.
    struct bucket_of_thread {
        std::size_t left = 0; ///< numbers of the bucket, from this one on
        T unit = 0;
        element::steps_per_unit<T> steps;

        __device__ bucket_of_thread(round_groups const& all, std::size_t i) { find(all, i); }
        __device__ void advance(round_groups const& all, std::size_t to) {
            if (left > warp)
                left -= warp;
            else
                find(all, to);
        }
        __device__ void find(round_groups const& all, std::size_t i) {
            if (i >= all.d) return;
            auto const number = i / all.bucket;
            left = (number + 1) * all.bucket - i;
            unit = all.units[number];
            steps = element::steps_per_unit<T>(unit);
        }
    };

    template <class B>
    __device__ void put(B& b, std::uint32_t* group, unsigned at, std::int32_t level) const {
        auto const bits = static_cast<std::uint32_t>(level) & ((std::uint32_t{1} << width) - 1);
        b.set_bits(group + at / 32, bits << at % 32);
        if (at % 32 + width > 32) b.set_bits(group + at / 32 + 1, bits >> (32 - at % 32));
    }
};

} // namespace terse::kernel
