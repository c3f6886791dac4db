// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/cuda/fixed_order.cuh>
#include <terse/backend/scratch.hpp>

namespace terse::kernel {

/// The sum of the squares in each block of the fixed order.
template <class T>
struct squares_of_blocks {
    static constexpr unsigned threads = 256;
    static constexpr unsigned at_once = threads / fixed_order::lanes;
    struct shared {};

    T const* x;
    std::size_t d;
    double* sums; ///< of blocks

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const lane = lane_of(b) % fixed_order::lanes;
        auto const number = b.index() * at_once + b.thread() / fixed_order::lanes;
        auto const begin = number * fixed_order::block;
        auto const end = begin + fixed_order::block < d ? begin + fixed_order::block : d;
        double sum = 0;
        auto const number_at = [this](std::size_t i) { return static_cast<double>(x[i]); };
        walk_lane(begin + lane, end, number_at, [&](std::size_t, double v) { sum += v * v; });
        sum = sum_of_lanes(b, sum);
        if (lane == 0 && begin < d) sums[number] = sum;
    }
};

/// The sum of the squares of each of several vectors, equally long, in the fixed order. Waits for the device, once.
template <class T, class Device, Launcher Launch>
std::vector<double> sum_of_squares_each(Launch launch, std::span<view<Device, T const> const> all,
                                        scratch<Device>& temporary) {
    auto const d = all.empty() ? 0 : all.front().size();
    if (d == 0) return std::vector<double>(all.size());
    using squares = squares_of_blocks<T>;
    typename scratch<Device>::scope const scope(temporary);
    auto const n = blocks_in_order(d);
    auto const sums = temporary.template take<double>(all.size() * n);
    std::vector<squares> kernels;
    for (auto const x : all) kernels.push_back({x.data(), d, sums.data() + kernels.size() * n});
    launch(std::span(std::as_const(kernels)), (n + squares::at_once - 1) / squares::at_once);
    return add_up_blocks(sums, all.size());
}

} // namespace terse::kernel
