// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>

#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>

namespace terse {

struct thrust_device;

namespace detail {

// y_{i_j} += a x_j for each y
template <class T>
struct add_entry_to_each {
    static constexpr std::size_t most = 64;

    T a;
    index_t const* indices;
    T const* x;
    std::size_t n; ///< how many y there are
    T* y[most];

    __host__ __device__ void operator()(std::size_t j) const {
        auto const i = indices[j];
        for (std::size_t k = 0; k < n; ++k) y[k][i] += a * x[j];
    }
};

} // namespace detail

/// y_{i_j} += a x_j for each of several y, in one launch for up to 64 of them.
template <class T>
void scatter_axpy(std::type_identity_t<T> a, input<thrust_device, index_t> indices, input<thrust_device, T> x,
                  std::span<view<thrust_device, T> const> all) {
    using add = detail::add_entry_to_each<T>;
    for (std::size_t first = 0; first < all.size(); first += add::most) {
        add to{a, indices.data(), x.data(), std::min(add::most, all.size() - first), {}};
        for (std::size_t k = 0; k < to.n; ++k) to.y[k] = all[first + k].data();
        thrust::for_each_n(device_policy(), thrust::counting_iterator<std::size_t>(0), indices.size(), to);
    }
}

} // namespace terse
