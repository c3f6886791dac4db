// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>

#include <thrust/binary_search.h>
#include <thrust/copy.h>
#include <thrust/count.h>
#include <thrust/functional.h>
#include <thrust/gather.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/merge.h>
#include <thrust/sort.h>
#include <thrust/transform.h>

#include <terse/backend/magnitude.hpp>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>

namespace terse {

struct thrust_device;

/// magnitude(x), on the device.
template <class T>
struct magnitude_of {
    __host__ __device__ magnitude_t<T> operator()(T x) const {
        magnitude_t<T> bits;
        std::memcpy(&bits, &x, sizeof bits);
        return bits & (~magnitude_t<T>{0} >> 1);
    }
};
/// low <= magnitude(x) <= high
template <class T>
struct magnitude_within {
    magnitude_t<T> low;
    magnitude_t<T> high = ~magnitude_t<T>{0};

    __host__ __device__ bool operator()(T x) const {
        auto const m = magnitude_of<T>()(x);
        return low <= m && m <= high;
    }
};

/// |x| >= least; false for NaN.
template <class T>
struct reaches {
    T least;

    __host__ __device__ bool operator()(T x) const { return (x < 0 ? -x : x) >= least; }
};

/// The magnitudes of x, largest first.
template <class T>
view<thrust_device, magnitude_t<T>> sorted_magnitudes(view<thrust_device, T const> x,
                                                      scratch<thrust_device>& temporary) {
    using key = magnitude_t<T>;
    auto const keys = temporary.template take<key>(x.size());
    auto const policy = device_policy(temporary);
    thrust::transform(policy, x.data(), x.data() + x.size(), keys.data(), magnitude_of<T>());
    thrust::sort(policy, keys.data(), keys.data() + keys.size(), thrust::greater<key>());
    return keys;
}

/// The n entries of x that come first in the order (|x| descending, index ascending), in index order: the same as on
/// the host, because only integers are compared.
template <class T>
void select_largest(view<thrust_device, T const> x, std::size_t n, view<thrust_device, index_t> indices,
                    view<thrust_device, T> values, scratch<thrust_device>& temporary) {
    if (n == 0) return;
    typename scratch<thrust_device>::scope const scope(temporary);
    auto const policy = device_policy(temporary);
    auto const keys = sorted_magnitudes<T>(x, temporary);
    magnitude_t<T> last{};
    copy_to_host(keys.data() + (n - 1), 1, &last);
    auto const ties =
        thrust::equal_range(policy, keys.data(), keys.data() + keys.size(), last, thrust::greater<magnitude_t<T>>());
    auto const above = static_cast<std::size_t>(ties.first - keys.data());
    auto const reached = static_cast<std::size_t>(ties.second - keys.data());

    thrust::counting_iterator<index_t> const first(0);
    auto const copy_within = [&](magnitude_within<T> range, index_t* out) {
        thrust::copy_if(policy, first, first + static_cast<std::ptrdiff_t>(x.size()), x.data(), out, range);
    };
    if (reached == n) {
        copy_within({last}, indices.data());
    } else { // the ties of the highest indices stay behind
        auto const larger = temporary.template take<index_t>(above);
        auto const tied = temporary.template take<index_t>(reached - above);
        copy_within({static_cast<magnitude_t<T>>(last + 1)}, larger.data());
        copy_within({last, last}, tied.data());
        thrust::merge(policy, larger.data(), larger.data() + above, tied.data(), tied.data() + (n - above),
                      indices.data());
    }
    thrust::gather(policy, indices.data(), indices.data() + n, x.data(), values.data());
}

/// How many |x_i| >= least.
template <class T>
std::size_t count_at_least(view<thrust_device, T const> x, T least) {
    return static_cast<std::size_t>(
        thrust::count_if(device_policy(), x.data(), x.data() + x.size(), reaches<T>{least}));
}

/// The entries of x with |x_i| >= least, in index order, as far as there is room for them; returns how many.
template <class T>
std::size_t select_at_least(view<thrust_device, T const> x, T least, view<thrust_device, index_t> indices,
                            view<thrust_device, T> values) {
    // copy_if knows no limit: if there is too little room, it is shown as many coordinates as fill it.
    auto end = x.size();
    if (count_at_least(x, least) > indices.size()) {
        end = 0;
        for (auto step = std::bit_floor(x.size()); step != 0; step /= 2)
            if (end + step <= x.size() && count_at_least(x.part(0, end + step), least) <= indices.size()) end += step;
    }
    thrust::counting_iterator<index_t> const first(0);
    auto* const last = thrust::copy_if(device_policy(), first, first + static_cast<std::ptrdiff_t>(end), x.data(),
                                       indices.data(), reaches<T>{least});
    thrust::gather(device_policy(), indices.data(), last, x.data(), values.data());
    return static_cast<std::size_t>(last - indices.data());
}

} // namespace terse
