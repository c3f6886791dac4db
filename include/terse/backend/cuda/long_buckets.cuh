// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/bucket_units.cuh>

/// Units of buckets that are too long for half a warp: many add up the squares of a bucket, in blocks of the fixed
/// order, and half a warp adds these up, one after the other.
namespace terse::kernel {

/// The sum of squares and the largest magnitude of each block of each bucket of a source, whose numbers are written.
template <class T, class Source>
struct figures_of_blocks {
    static constexpr unsigned threads = 256;
    static constexpr unsigned at_once = threads / fixed_order::lanes;
    struct shared {};

    Source source;
    std::size_t d;
    std::size_t bucket;
    double* squares; ///< blocks_in_order(bucket) of each bucket
    magnitude_t<T>* largest;
    std::uint64_t* bad; ///< lowered to the first coordinate that is not finite, if given

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const lane = static_cast<unsigned>(lane_of(b) % fixed_order::lanes);
        auto const number = b.index() * at_once + b.thread() / fixed_order::lanes;
        auto const first = number / blocks_in_order(bucket) * bucket, in = number % blocks_in_order(bucket);
        auto const begin = first + in * fixed_order::block;
        auto const left = bucket - in * fixed_order::block;
        auto const end = begin + (left < fixed_order::block ? left : fixed_order::block);
        magnitude_t<T> most = 0;
        double sum = 0;
        walk_lane(begin + lane, end < d ? end : d, source, [&](std::size_t i, T x) {
            put_and_watch<T>(b, source, i, x, most, bad);
            auto const v = static_cast<double>(x);
            sum += v * v;
        });
        sum = sum_of_lanes(b, sum);
        most = largest_of_lanes(b, most);
        if (lane != 0 || first >= d) return;
        squares[number] = sum;
        largest[number] = most;
    }
};

/// The units of the buckets, from these.
template <class T>
struct units_from_blocks {
    static constexpr unsigned threads = warp; // few have much to do
    static constexpr unsigned at_once = threads / fixed_order::lanes;
    struct shared {};

    T const* x; ///< what the source has become
    buckets_to<T> to;
    double const* squares;
    magnitude_t<T> const* largest;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const lane = static_cast<unsigned>(lane_of(b) % fixed_order::lanes);
        auto const number = b.index() * at_once + b.thread() / fixed_order::lanes;
        auto const n = blocks_in_order(to.bucket);
        magnitude_t<T> most = 0;
        double total = 0;
        for (std::size_t first = 0; first < n; first += fixed_order::lanes) { // as often in both halves
            double own = 0;
            if (first + lane < n && to.begin(number) < to.d) {
                own = squares[number * n + first + lane];
                auto const m = largest[number * n + first + lane];
                if (m > most) most = m;
            }
            for (unsigned l = 0; l < fixed_order::lanes; ++l) // sums of none add nothing
                total += shuffle(b, own, lane_of(b) - lane + l);
        }
        to.put(b, number, x, most, total);
    }
};

} // namespace terse::kernel
