// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <vector>

#include <thrust/tabulate.h>

#include <terse/backend/buffer.hpp>
#include <terse/backend/fixed_order.hpp>
#include <terse/backend/thrust/policy.cuh>

namespace terse {

struct thrust_device;

namespace detail {

// The sum of one lane of one block. Neighbouring threads read neighbouring numbers.
template <class T, class Term>
struct lane_sum {
    T const* x;
    std::size_t n;

    __host__ __device__ double operator()(std::size_t number) const {
        auto const begin = number / fixed_order::lanes * fixed_order::block;
        auto const end = n - begin < fixed_order::block ? n : begin + fixed_order::block;
        double sum = 0;
        for (auto i = begin + number % fixed_order::lanes; i < end; i += fixed_order::lanes)
            sum += Term()(static_cast<double>(x[i]));
        return sum;
    }
};

} // namespace detail

/// Term(x_0) + .. + Term(x_{n-1}), the same bits as on the host: lanes on the device, their sums on the host.
template <class Term, class T>
double fixed_order_sum(view<thrust_device, T const> x) {
    auto const blocks = (x.size() + fixed_order::block - 1) / fixed_order::block;
    buffer<thrust_device, double> lanes(blocks * fixed_order::lanes);
    thrust::tabulate(device_policy(), lanes.data(), lanes.data() + lanes.size(),
                     detail::lane_sum<T, Term>{x.data(), x.size()});
    std::vector<double> host(lanes.size());
    copy_to_host(lanes.data(), lanes.size(), host.data());
    double total = 0;
    for (std::size_t b = 0; b < blocks; ++b) total += fixed_order::sum(host.data() + b * fixed_order::lanes);
    return total;
}

} // namespace terse
