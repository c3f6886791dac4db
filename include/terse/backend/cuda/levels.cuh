// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/cuda/signs.cuh> // shuffle
#include <terse/backend/fixed_order.hpp>
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
        auto const sum = squares(b, begin, 1, source, [&](std::size_t i, T x) {
            source.put(i, x); // nobody but this thread reads it
            auto const m = magnitude_of<T>()(x);
            if (m >= not_finite_magnitude && most < not_finite_magnitude && bad != nullptr) b.lower(bad, i);
            if (m > most) most = m;
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
                    return squares(b, begin, factor, unchanged<T>{source.now()}, [](std::size_t, T) {});
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

    // Of numbers times a factor; in the first thread of each half of a warp. Each number is seen(i, x), also if nobody
    // wants the squares. A thread waits for a few numbers together.
    template <class B, class X, class F>
    __device__ double squares(B& b, std::size_t begin, double factor, X const& numbers, F seen) const {
        constexpr unsigned together = 4;
        auto const lane = lane_of(b) % fixed_order::lanes;
        double total = 0;
        for (std::size_t first = 0; first < bucket; first += fixed_order::block) { // as often in both halves
            auto const to = first + fixed_order::block < bucket ? first + fixed_order::block : bucket;
            double sum = 0;
            auto const end = begin + to < d ? begin + to : d;
            for (auto i = begin + first + lane; i < end; i += together * fixed_order::lanes) {
                T x[together];
                for (unsigned u = 0; u < together; ++u)
                    if (auto const at = i + u * fixed_order::lanes; at < end) x[u] = numbers(at);
                for (unsigned u = 0; u < together; ++u)
                    if (auto const at = i + u * fixed_order::lanes; at < end) {
                        seen(at, x[u]);
                        auto const v = static_cast<double>(x[u]) * factor;
                        sum += v * v;
                    }
            }
            if (!euclidean) continue;
            for (unsigned width = fixed_order::lanes / 2; width > 0; width /= 2)
                sum += shuffle(b, sum, lane < width ? lane_of(b) + width : lane_of(b));
            total += sum;
        }
        return total;
    }
};

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
