// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <thrust/for_each.h>
#include <thrust/functional.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/transform_reduce.h>

#include <terse/backend/buffer.hpp>
#include <terse/backend/fixed_order.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/backend/thrust/element.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/thrust/reduce.cuh>
#include <terse/backend/thrust/select.cuh>
#include <terse/backend/view.hpp>

namespace terse::element {

/// The largest magnitude and the sum of squares, in the fixed order, of a bucket, times a factor.
template <class T>
struct bucket_figures {
    T const* x;
    std::size_t d;
    std::size_t bucket;
    double factor;
    magnitude_t<T>* largest;
    double* squares;

    __host__ __device__ void operator()(std::size_t b) const {
        auto const begin = b * bucket;
        auto const end = d - begin < bucket ? d : begin + bucket;
        magnitude_t<T> most = 0;
        double total = 0;
        for (auto first = begin; first < end; first += fixed_order::block) {
            double lane[fixed_order::lanes]{};
            for (auto i = first; i < end && i < first + fixed_order::block; ++i) {
                auto const m = magnitude_of<T>()(x[i]);
                if (m > most) most = m;
                auto const v = static_cast<double>(x[i]) * factor;
                lane[(i - first) % fixed_order::lanes] += v * v;
            }
            for (auto width = fixed_order::lanes / 2; width > 0; width /= 2)
                for (std::size_t j = 0; j < width; ++j) lane[j] += lane[j + width];
            total += lane[0];
        }
        largest[b] = most;
        squares[b] = total;
    }
};

} // namespace terse::element

namespace terse {

/// The units of the buckets of x; what is one number for each bucket is done on the host.
template <class T>
void find_units(view<thrust_device, T const> x, level_grid const& grid, view<thrust_device, T> units) {
    constexpr std::size_t long_bucket = 65536; // too long for one thread
    auto const n = units.size();
    buffer<thrust_device, magnitude_t<T>> largest(n);
    buffer<thrust_device, double> squares(n);
    std::vector<magnitude_t<T>> most(n);
    std::vector<double> sums(n);
    auto const look = [&](double factor) {
        thrust::counting_iterator<std::size_t> const first(0);
        thrust::for_each_n(
            device_policy(), first, n,
            element::bucket_figures<T>{x.data(), x.size(), grid.bucket, factor, largest.data(), squares.data()});
        copy_to_host(largest.data(), n, most.data());
        copy_to_host(squares.data(), n, sums.data());
    };
    if (grid.bucket < long_bucket) {
        look(1);
    } else {
        for (std::size_t b = 0; b < n; ++b) {
            auto const part = x.part(b * grid.bucket, std::min(grid.bucket, x.size() - b * grid.bucket));
            most[b] = thrust::transform_reduce(device_policy(), part.data(), part.data() + part.size(),
                                               magnitude_of<T>(), magnitude_t<T>{0}, thrust::maximum<magnitude_t<T>>());
            sums[b] = fixed_order_sum<element::square, T>(part);
        }
    }
    std::vector<double> norms(n);
    bool too_small = false, too_large = false;
    auto const plain = [&](std::size_t b) {
        return grid.norm == norm::linf || most[b] == 0 || most[b] >= not_finite<T>;
    };
    for (std::size_t b = 0; b < n; ++b) {
        norms[b] = plain(b) ? static_cast<double>(from_magnitude<T>(most[b])) : std::sqrt(sums[b]);
        if (sizeof(T) == 4 || plain(b)) continue;
        too_large = too_large || std::isinf(sums[b]);
        too_small = too_small || sums[b] < 0x1p-960;
    }
    auto const first_sums = sums;
    auto const again = [&](double factor, auto concerned) {
        look(factor);
        for (std::size_t b = 0; b < n; ++b)
            if (!plain(b) && concerned(first_sums[b]))
                norms[b] = std::min(std::sqrt(sums[b]) / factor, std::numeric_limits<double>::max());
    };
    if (too_large) again(0x1p-600, [](double sum) { return std::isinf(sum); });
    if (too_small) again(0x1p600, [](double sum) { return sum < 0x1p-960; });
    std::vector<T> host(n);
    for (std::size_t b = 0; b < n; ++b) host[b] = unit_of<T>(norms[b], grid.levels);
    copy_to_device(host.data(), n, units.data());
}

} // namespace terse
