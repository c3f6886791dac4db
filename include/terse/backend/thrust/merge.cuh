// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>

#include <thrust/copy.h>
#include <thrust/fill.h>
#include <thrust/for_each.h>
#include <thrust/gather.h>
#include <thrust/iterator/counting_iterator.h>

#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>

namespace terse {

struct thrust_device;
template <class B, class T>
struct sparse_entries;

namespace detail {

template <class T>
struct add_entry {
    index_t const* indices;
    T const* values;
    T* sums;
    unsigned char* touched;

    __host__ __device__ void operator()(std::size_t j) const {
        auto const i = indices[j];
        sums[i] += values[j];
        touched[i] = 1;
    }
};
struct is_set {
    __host__ __device__ bool operator()(unsigned char x) const { return x != 0; }
};

} // namespace detail

/// The sum of sparse vectors of dimension d, as ascending indices and values; returns how many there are. One message
/// after the other is added to a dense vector of sums, so that the order of the additions is that of the messages.
template <class T>
std::size_t merge_sparse(std::span<sparse_entries<thrust_device, T> const> messages, std::size_t d,
                         view<thrust_device, index_t> indices, view<thrust_device, T> values,
                         scratch<thrust_device>& temporary) {
    typename scratch<thrust_device>::scope const scope(temporary);
    auto const policy = device_policy(temporary);
    auto const sums = temporary.template take<T>(d);
    auto const touched = temporary.template take<unsigned char>(d);
    thrust::fill_n(policy, sums.data(), d, T(0));
    thrust::fill_n(policy, touched.data(), d, static_cast<unsigned char>(0));
    for (auto const& m : messages) // a message's indices are distinct
        thrust::for_each_n(policy, thrust::counting_iterator<std::size_t>(0), m.indices.size(),
                           detail::add_entry<T>{m.indices.data(), m.values.data(), sums.data(), touched.data()});
    thrust::counting_iterator<index_t> const first(0);
    auto* const end = thrust::copy_if(policy, first, first + static_cast<std::ptrdiff_t>(d), touched.data(),
                                      indices.data(), detail::is_set());
    thrust::gather(policy, indices.data(), end, sums.data(), values.data());
    return static_cast<std::size_t>(end - indices.data());
}

} // namespace terse
