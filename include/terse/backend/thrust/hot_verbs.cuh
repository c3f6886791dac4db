// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <thrust/tabulate.h>

#include <terse/backend/thrust/element.cuh>
#include <terse/backend/thrust/levels.cuh>
#include <terse/backend/thrust/merge.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/thrust/reduce.cuh>
#include <terse/backend/thrust/select.cuh>

namespace terse {

/// The verbs of thrust_device that have kernels for CUDA, by Thrust's algorithms for its other systems.
struct thrust_hot_verbs {
    template <class T>
    static void select_largest(input<thrust_device, T> x, std::size_t n, view<thrust_device, index_t> indices,
                               view<thrust_device, T> values, scratch<thrust_device>& temporary) {
        terse::select_largest<T>(x, n, indices, values, temporary);
    }

    template <class T>
    static std::size_t merge(std::span<sparse_entries<thrust_device, T> const> messages, std::size_t dimension,
                             view<thrust_device, index_t> indices, view<thrust_device, T> values,
                             scratch<thrust_device>& temporary) {
        return merge_sparse<T>(messages, dimension, indices, values, temporary);
    }

    template <class T>
    static double pack_signs(view<thrust_device, T> x, view<thrust_device, std::uint64_t> words) {
        using number = std::remove_const_t<T>;
        thrust::tabulate(device_policy(), words.data(), words.data() + words.size(),
                         element::sign_word<number>{x.data(), x.size()});
        return fixed_order_sum<element::absolute, number>(x);
    }

    template <class T>
    static void quantize(input<thrust_device, T> x, level_grid const& grid, view<thrust_device, T> units,
                         view<thrust_device, std::uint64_t> words, random_stream const& random) {
        terse::quantize<T>(x, grid, units, words, random);
    }
};

} // namespace terse
