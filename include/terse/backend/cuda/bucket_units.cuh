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
#include <terse/backend/fixed_order.hpp>
#include <terse/backend/magnitude.hpp>
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

/// Buckets of d coordinates, and where their units go. Half a warp has a bucket, whose sum of squares is in the fixed
/// order, a lane for each thread.
template <class T>
struct buckets_to {
    std::size_t d;
    std::size_t bucket;
    std::uint32_t levels;
    bool euclidean; ///< otherwise the norm is the largest magnitude
    T* units;

    __device__ std::size_t begin(std::size_t number) const { return number * bucket < d ? number * bucket : d; }

    /// Of x(i) times a factor; in the first thread of each half of a warp. Every x(i) is seen(i, x(i)), also without a
    /// Euclidean norm.
    template <class B, class X, class F>
    __device__ double squares(B& b, std::size_t begin, double factor, X x, F seen) const {
        auto const lane = lane_of(b) % fixed_order::lanes;
        double total = 0;
        for (std::size_t first = 0; first < bucket; first += fixed_order::block) { // as often in both halves
            auto const to = first + fixed_order::block < bucket ? first + fixed_order::block : bucket;
            double sum = 0;
            walk_lane(begin + first + lane, begin + to < d ? begin + to : d, x, [&](std::size_t i, T number) {
                seen(i, number);
                auto const v = static_cast<double>(number) * factor;
                sum += v * v;
            });
            if (euclidean) total += sum_of_lanes(b, sum);
        }
        return total;
    }

    /// The unit of a bucket of x, for all threads. `most` is the largest magnitude that each thread has seen of it, and
    /// `sum`, in the first of them, the sum of all squares.
    template <class B>
    __device__ void put(B& b, std::size_t number, T const* x, magnitude_t<T> most, double sum) const {
        bool const writes = begin(number) < d && lane_of(b) % fixed_order::lanes == 0;
        most = largest_of_lanes(b, most);
        T top;
        std::memcpy(&top, &most, sizeof top);
        auto norm = static_cast<double>(top);
        if (euclidean) {
            bool const plain = most == 0 || most >= not_finite<T>;
            if (!plain) norm = std::sqrt(sum);
            if constexpr (sizeof(T) == 8) { // squares may leave the range of numbers
                auto const again = [&](double factor) {
                    return squares(b, begin(number), factor, unchanged<T>{x, false}, [](std::size_t, T) {});
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
    __device__ static double scaled(double sum, double factor) {
        auto const norm = std::sqrt(sum) / factor;
        return norm < largest_number<double> ? norm : largest_number<double>;
    }
};

/// Puts the i-th number of a source; `most` becomes its magnitude if that is larger. If `bad` is given, it is lowered
/// to the first i of those of a thread, which ascend, at which a number is not finite.
template <class T, class B, class Source>
__device__ void put_and_watch(B& b, Source const& source, std::size_t i, T x, magnitude_t<T>& most,
                              std::uint64_t* bad) {
    source.put(i, x); // nobody but this thread reads it
    auto const m = magnitude_of<T>()(x);
    if (m >= not_finite<T> && most < not_finite<T> && bad != nullptr) b.lower(bad, i);
    if (m > most) most = m;
}

/// The units of buckets of a source, whose numbers are written in the same pass.
template <class T, class Source = unchanged<T>>
struct bucket_units {
    static constexpr unsigned threads = 256;
    static constexpr unsigned at_once = threads / fixed_order::lanes;
    struct shared {};

    Source source;
    buckets_to<T> to;
    std::uint64_t* bad = nullptr; ///< lowered to the first coordinate that is not finite, if given

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const number = b.index() * at_once + b.thread() / fixed_order::lanes;
        magnitude_t<T> most = 0;
        auto const sum = to.squares(b, to.begin(number), 1, source,
                                    [&](std::size_t i, T x) { put_and_watch<T>(b, source, i, x, most, bad); });
        to.put(b, number, source.now(), most, sum);
    }
};

} // namespace terse::kernel
