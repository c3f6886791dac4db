// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>

#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>
#include <terse/wire/precision.hpp>

namespace terse {

struct thrust_device;

namespace element {

/// wire::round_to on the device, of value number j; what it takes off goes to rest_j, or rest_{i_j} if there are
/// indices.
template <class T>
struct round_to_half {
    int fraction; ///< bits of the format,
    int bias;     ///< of its exponents
    T* values;
    T* rest;                ///< or null
    index_t const* indices; ///< or null

    __host__ __device__ void operator()(std::size_t j) const {
        auto const before = values[j];
        auto const after = rounded(before);
        values[j] = after;
        if (rest == nullptr) return;
        rest[indices == nullptr ? j : indices[j]] += before == after ? T(0) : before - after;
    }
    __host__ __device__ T rounded(T x) const {
        if (!std::isfinite(x) || x == 0) return x;
        auto const magnitude = x < 0 ? -x : x;
        int exponent = 0;
        std::frexp(magnitude, &exponent); // in [1/2, 1) 2^exponent
        auto const smallest = 2 - bias;   // of a normal number
        auto const last = (exponent < smallest ? smallest : exponent) - 1 - fraction;
        // In steps of the last place, all of which is exact but the rounding, ties to even.
        auto result = std::ldexp(std::rint(std::ldexp(magnitude, -last)), last);
        auto const most = std::ldexp(T(2) - std::ldexp(T(1), -fraction), bias);
        if (result > most) result = most;
        return x < 0 ? -result : result;
    }
};

} // namespace element

/// Makes the values what travels in 16 bits, and adds to rest_i what that takes off value i, unless rest is empty; to
/// rest_{i_j}, if there are indices.
template <class T>
void round_to_half(wire::precision p, view<thrust_device, T> values, view<thrust_device, T> rest,
                   index_t const* indices) {
    if (p == wire::precision::full) return;
    auto const half = wire::detail::bits_of(p);
    thrust::for_each_n(device_policy(), thrust::counting_iterator<std::size_t>(0), values.size(),
                       element::round_to_half<T>{half.fraction, half.bias, values.data(),
                                                 rest.empty() ? nullptr : rest.data(), indices});
}

} // namespace terse
