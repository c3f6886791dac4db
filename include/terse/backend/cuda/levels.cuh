// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/cuda/fixed_order.cuh>
#include <terse/backend/cuda/sources.cuh>
#include <terse/backend/level_grid.hpp>
#include <terse/backend/thrust/levels.cuh>
#include <terse/backend/thrust/select.cuh> // magnitude_of

namespace terse::kernel {

// std::numeric_limits, where a device can read it.
template <class T>
inline constexpr T largest_number = std::numeric_limits<T>::max();
template <class T>
inline constexpr T not_a_number = std::numeric_limits<T>::quiet_NaN();

/// unit_of of level_grid.hpp, on the device.
template <class T>
__device__ T unit_of(double norm, std::uint32_t levels) {
    constexpr auto most = largest_number<T>;
    auto const step = [](T x, int by) {
        auto bits = magnitude_of<T>()(x);
        bits = by > 0 ? bits + 1 : bits - 1;
        std::memcpy(&x, &bits, sizeof x);
        return x;
    };
    if (!(norm <= largest_number<double>)) return not_a_number<T>;
    auto const s = static_cast<double>(levels);
    double const wanted = norm / s;
    auto unit = wanted >= static_cast<double>(most) ? most : static_cast<T>(wanted);
    if (static_cast<double>(unit) * s < norm && unit < most) unit = step(unit, 1);
    auto const bound = step(most / static_cast<T>(levels), 1);
    if (bound < unit) unit = bound;
    while (!(unit * static_cast<T>(levels) <= most)) unit = step(unit, -1);
    return unit;
}

/// The units of buckets of a source, whose numbers are written in the same pass. Half a warp has a bucket: its sum of
/// squares is in the fixed order, a lane for each thread.
template <class T, class Source = unchanged<T>>
struct bucket_units {
    static constexpr unsigned threads = 256;
    static constexpr unsigned at_once = threads / fixed_order::lanes;
    struct shared {};

    Source source;
    std::size_t d;
    std::size_t bucket;
    std::uint32_t levels;
    bool euclidean;
    T* units;
    std::uint64_t* bad = nullptr; ///< lowered to the first coordinate that is not finite, if given

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const number = b.index() * at_once + b.thread() / fixed_order::lanes;
        auto const begin = number * bucket < d ? number * bucket : d;
        bool const writes = begin < d && lane_of(b) % fixed_order::lanes == 0;
        magnitude_t<T> most = 0;
        auto const sum = squares(b, begin, 1, [&](std::size_t i) { // nobody but this thread reads what it writes
            auto const x = source.step(i);
            auto const m = magnitude_of<T>()(x);
            if (m >= not_finite_magnitude && most < not_finite_magnitude && bad != nullptr) b.lower(bad, i);
            if (m > most) most = m;
            return x;
        });
        for (unsigned width = fixed_order::lanes / 2; width > 0; width /= 2) {
            auto const other =
                b.shuffle(most, lane_of(b) % fixed_order::lanes < width ? lane_of(b) + width : lane_of(b));
            if (other > most) most = other;
        }
        T top;
        std::memcpy(&top, &most, sizeof top);
        auto norm = static_cast<double>(top);
        if (euclidean) { // for all threads
            bool const plain = most == 0 || most >= not_finite_magnitude;
            if (!plain) norm = std::sqrt(sum);
            if constexpr (sizeof(T) == 8) { // squares may leave the range of numbers
                auto const again = [&](double factor) {
                    return squares(b, begin, factor, [x = source.now()](std::size_t i) { return x[i]; });
                };
                bool const too_large = writes && !plain && sum > largest_number<double>;
                bool const too_small = writes && !plain && sum < 0x1p-960;
                if (b.ballot(too_large) != 0)
                    if (auto const other = again(0x1p-600); too_large) norm = scaled(other, 0x1p-600);
                if (b.ballot(too_small) != 0)
                    if (auto const other = again(0x1p600); too_small) norm = scaled(other, 0x1p600);
            }
        }
        if (writes) units[number] = kernel::unit_of<T>(norm, levels);
    }

private:
    static constexpr auto not_finite_magnitude = not_finite<T>;

    __device__ static double scaled(double sum, double factor) {
        auto const norm = std::sqrt(sum) / factor;
        return norm < largest_number<double> ? norm : largest_number<double>;
    }

    // Of x(i) times a factor; in the first thread of each half of a warp. Without a Euclidean norm, every x(i) is made
    // nonetheless.
    template <class B, class X>
    __device__ double squares(B& b, std::size_t begin, double factor, X x) const {
        auto const lane = lane_of(b) % fixed_order::lanes;
        double total = 0;
        for (std::size_t first = 0; first < bucket; first += fixed_order::block) { // as often in both halves
            auto const to = first + fixed_order::block < bucket ? first + fixed_order::block : bucket;
            double sum = 0;
            for (auto i = begin + first + lane; i < begin + to && i < d; i += fixed_order::lanes) {
                auto const v = static_cast<double>(x(i)) * factor;
                sum += v * v;
            }
            if (!euclidean) continue;
            total += sum_of_lanes(b, sum);
        }
        return total;
    }
};

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
