// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/fixed_order.hpp>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>

/// Sums in the fixed order: half a warp has a block of it, each thread a lane.
namespace terse::kernel {

static_assert(fixed_order::lanes * 2 == warp);

/// x of another lane.
template <class B>
__device__ double shuffle(B& b, double x, unsigned lane) {
    std::uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    bits = b.shuffle(bits, lane);
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

/// seen(i, x(i)) for i = begin, begin + 16, .. < end, the lane of a thread. It waits for a few x(i) together: all are
/// read before the first is seen.
template <class X, class F>
__device__ void walk_lane(std::size_t begin, std::size_t end, X x, F seen) {
    constexpr unsigned together = 4;
    for (auto i = begin; i < end; i += together * fixed_order::lanes) {
        decltype(x(i)) v[together];
        for (unsigned u = 0; u < together; ++u)
            if (auto const at = i + u * fixed_order::lanes; at < end) v[u] = x(at);
        for (unsigned u = 0; u < together; ++u)
            if (auto const at = i + u * fixed_order::lanes; at < end) seen(at, v[u]);
    }
}

/// fixed_order::sum of the sums of sixteen consecutive threads, for the first of them.
template <class B>
__device__ double sum_of_lanes(B& b, double sum) {
    auto const lane = lane_of(b) % fixed_order::lanes;
    for (auto width = static_cast<unsigned>(fixed_order::lanes) / 2; width > 0; width /= 2)
        sum += shuffle(b, sum, lane < width ? lane_of(b) + width : lane_of(b));
    return sum;
}

/// The largest number of sixteen consecutive threads, for the first of them.
template <class B, class N>
__device__ N largest_of_lanes(B& b, N most) {
    auto const lane = lane_of(b) % fixed_order::lanes;
    for (auto width = static_cast<unsigned>(fixed_order::lanes) / 2; width > 0; width /= 2) {
        auto const other = b.shuffle(most, lane < width ? lane_of(b) + width : lane_of(b));
        if (other > most) most = other;
    }
    return most;
}

/// How many blocks of the fixed order d numbers have.
__host__ __device__ constexpr std::size_t blocks_in_order(std::size_t d) {
    return (d + fixed_order::block - 1) / fixed_order::block;
}

/// What n vectors add up to, from the sums of their blocks, which are side by side, vector by vector. Waits for the
/// device, once; what is one number for each block is added up here.
template <class Device>
std::vector<double> add_up_blocks(view<Device, double> sums, std::size_t n) {
    std::vector<double> host(sums.size()), totals(n);
    copy_to_host(sums.data(), host.size(), host.data());
    auto const blocks = n == 0 ? 0 : sums.size() / n;
    for (std::size_t b = 0; b < blocks; ++b) // additions of several sums overlap
        for (std::size_t i = 0; i < n; ++i) totals[i] += host[i * blocks + b];
    return totals;
}

} // namespace terse::kernel
