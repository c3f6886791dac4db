// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/fill.h>
#include <thrust/find.h>
#include <thrust/functional.h>
#include <thrust/gather.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/permutation_iterator.h>
#include <thrust/sequence.h>
#include <thrust/transform.h>
#include <thrust/transform_reduce.h>

#include <terse/backend/concept.hpp>
#include <terse/backend/thrust/element.cuh>
#include <terse/backend/thrust/half.cuh>
#include <terse/backend/thrust/levels.cuh>
#include <terse/backend/thrust/low_rank.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/thrust/powers.cuh>
#include <terse/backend/thrust/reduce.cuh>
#include <terse/backend/thrust/scatter.cuh>
#include <terse/backend/thrust/select.cuh>
#include <terse/backend/thrust/sketch.cuh>
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <terse/backend/cuda/kernel_verbs.cuh>
#include <terse/backend/cuda/launch.cuh>
#else
#include <terse/backend/thrust/hot_verbs.cuh>
#endif

namespace terse {

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
using hot_verbs = kernel_verbs<cuda_launcher>;
#else
struct hot_verbs : thrust_hot_verbs, thrust_sketch_verbs {};
#endif

/// Memory of Thrust's device system: CUDA with nvcc, otherwise the host system that THRUST_DEVICE_SYSTEM names. Every
/// verb gives the bits of the host's. All work is on the stream of the calling thread's device_place, and done when a
/// verb returns a number or the user synchronises.
struct thrust_device : hot_verbs {
    template <class T>
    static T* allocate(std::size_t n) {
        return static_cast<T*>(allocate_on_device(n * sizeof(T)));
    }
    template <class T>
    static void release(T* memory, std::size_t n) noexcept {
        release_on_device(memory, n * sizeof(T));
    }

    template <class T>
    static void fill(view<thrust_device, T> y, std::type_identity_t<T> a) {
        thrust::fill_n(device_policy(), y.data(), y.size(), a);
    }
    template <class T>
    static void copy(input<thrust_device, T> x, view<thrust_device, T> y) {
        thrust::copy_n(device_policy(), x.data(), x.size(), y.data());
    }
    template <class T>
    static void upload(std::span<std::type_identity_t<T> const> x, view<thrust_device, T> y) {
        copy_to_device<T>(x.data(), x.size(), y.data());
    }
    template <class T>
    static void download(input<thrust_device, T> x, std::span<T> y) {
        copy_to_host<T>(x.data(), x.size(), y.data());
    }

    static void sequence(index_t first, index_t step, view<thrust_device, index_t> y) {
        thrust::sequence(device_policy(), y.data(), y.data() + y.size(), first, step);
    }

    template <class T>
    static void axpy(std::type_identity_t<T> a, input<thrust_device, T> x, view<thrust_device, T> y) {
        combine<T>(y, a, x, y);
    }
    template <class T>
    static void axpby(std::type_identity_t<T> a, input<thrust_device, T> x, std::type_identity_t<T> b,
                      view<thrust_device, T> y) {
        thrust::transform(device_policy(), x.data(), x.data() + x.size(), y.data(), y.data(),
                          element::weighted_sum<T>{a, b});
    }
    template <class T>
    static void scale(std::type_identity_t<T> a, view<thrust_device, T> y) {
        thrust::transform(device_policy(), y.data(), y.data() + y.size(), y.data(), element::times<T>{a});
    }
    template <class T>
    static void combine(input<thrust_device, T> x, std::type_identity_t<T> a, input<thrust_device, T> z,
                        view<thrust_device, T> y) {
        thrust::transform(device_policy(), x.data(), x.data() + x.size(), z.data(), y.data(),
                          element::plus_times<T>{a});
    }

    template <class T>
    static double sum(view<thrust_device, T> x) {
        return fixed_order_sum<element::same, std::remove_const_t<T>>(x);
    }
    template <class T>
    static double sum_of_magnitudes(view<thrust_device, T> x) {
        return fixed_order_sum<element::absolute, std::remove_const_t<T>>(x);
    }
    template <class T>
    static double sum_of_squares(view<thrust_device, T> x) {
        return fixed_order_sum<element::square, std::remove_const_t<T>>(x);
    }
    template <class T>
    static std::size_t first_non_finite(view<thrust_device, T> x) {
        auto* const found = thrust::find_if(device_policy(), x.data(), x.data() + x.size(),
                                            magnitude_within<std::remove_const_t<T>>{not_finite<T>});
        return static_cast<std::size_t>(found - x.data());
    }

    template <class T>
    static void gather(input<thrust_device, T> x, input<thrust_device, index_t> indices, view<thrust_device, T> y) {
        thrust::gather(device_policy(), indices.data(), indices.data() + indices.size(), x.data(), y.data());
    }
    template <class T>
    static void scatter_axpy(std::type_identity_t<T> a, input<thrust_device, index_t> indices,
                             input<thrust_device, T> x, view<thrust_device, T> y) {
        auto const at = thrust::make_permutation_iterator(y.data(), indices.data());
        thrust::transform(device_policy(), at, at + static_cast<std::ptrdiff_t>(indices.size()), x.data(), at,
                          element::plus_times<T>{a});
    }
    template <class T>
    static void scatter_axpy(std::type_identity_t<T> a, input<thrust_device, index_t> indices,
                             input<thrust_device, T> x, std::span<view<thrust_device, T> const> each) {
        terse::scatter_axpy<T>(a, indices, x, each);
    }
    template <class T>
    static void scatter_fill(input<thrust_device, index_t> indices, std::type_identity_t<T> a,
                             view<thrust_device, T> y) {
        thrust::fill_n(device_policy(), thrust::make_permutation_iterator(y.data(), indices.data()), indices.size(), a);
    }

    template <class T>
    static std::size_t select_at_least(input<thrust_device, T> x, std::type_identity_t<T> threshold,
                                       view<thrust_device, index_t> indices, view<thrust_device, T> values) {
        return terse::select_at_least<T>(x, threshold, indices, values);
    }
    template <class T>
    static std::size_t count_at_least(view<thrust_device, T> x,
                                      std::type_identity_t<std::remove_const_t<T>> threshold) {
        return terse::count_at_least<std::remove_const_t<T>>(x, threshold);
    }
    template <class T>
    static std::remove_const_t<T> nth_magnitude(view<thrust_device, T> x, std::size_t n,
                                                scratch<thrust_device>& temporary) {
        using number = std::remove_const_t<T>;
        scratch<thrust_device>::scope const scope(temporary);
        auto const keys = sorted_magnitudes<number>(x, temporary);
        magnitude_t<number> nth{};
        copy_to_host(keys.data() + (n - 1), 1, &nth);
        return from_magnitude<number>(nth);
    }

    template <class T>
    static void add_signs(std::type_identity_t<T> a, input<thrust_device, std::uint64_t> words,
                          view<thrust_device, T> y) {
        thrust::transform(device_policy(), y.data(), y.data() + y.size(), thrust::counting_iterator<std::size_t>(0),
                          y.data(), element::plus_sign<T>{a, words.data()});
    }

    template <class T>
    static void add_levels(std::type_identity_t<T> a, input<thrust_device, std::uint64_t> words,
                           input<thrust_device, T> units, level_grid const& grid, view<thrust_device, T> y) {
        thrust::transform(device_policy(), y.data(), y.data() + y.size(), thrust::counting_iterator<std::size_t>(0),
                          y.data(), element::plus_level<T>{a, {words.data(), grid.width()}, units.data(), grid.bucket});
    }
    template <class T>
    static void round_to_powers(input<thrust_device, T> x, view<thrust_device, T> y, random_stream const& random) {
        thrust::transform(device_policy(), x.data(), x.data() + x.size(), thrust::counting_iterator<std::size_t>(0),
                          y.data(), element::to_power<T>{{random.get_parameters()}});
    }
    static std::uint64_t elias_bits(input<thrust_device, std::uint64_t> words, unsigned width, std::size_t d) {
        thrust::counting_iterator<std::size_t> const first(0);
        return thrust::transform_reduce(device_policy(), first, first + static_cast<std::ptrdiff_t>(d),
                                        element::level_code_bits{{words.data(), width}}, std::uint64_t{0},
                                        thrust::plus<std::uint64_t>());
    }

    template <class T>
    static void accumulate_product(std::type_identity_t<T> a, input<thrust_device, T> x, std::type_identity_t<T> b,
                                   view<thrust_device, T> y, matrix_shape s, input<thrust_device, T> q,
                                   view<thrust_device, T> p) {
        terse::accumulate_product<T>(a, x, {}, b, y, s, q, p);
    }
    template <class T>
    static void accumulate_product(std::type_identity_t<T> a, input<thrust_device, T> x,
                                   low_rank_term<thrust_device, T> less, std::type_identity_t<T> b,
                                   view<thrust_device, T> y, matrix_shape s, input<thrust_device, T> q,
                                   view<thrust_device, T> p) {
        terse::accumulate_product<T>(a, x, less, b, y, s, q, p);
    }
    template <class T>
    static void transposed_product(input<thrust_device, T> y, matrix_shape s, input<thrust_device, T> p,
                                   view<thrust_device, T> q) {
        terse::transposed_product<T>(y, s, p, q);
    }
    template <class T>
    static void add_outer_product(std::type_identity_t<T> a, input<thrust_device, T> p, input<thrust_device, T> q,
                                  matrix_shape s, view<thrust_device, T> y) {
        terse::add_outer_product<T>(a, p, q, s, y);
    }
    template <class T>
    static void orthonormalise(view<thrust_device, T> p, std::size_t rows, std::size_t rank) {
        terse::orthonormalise<T>(p, rows, rank);
    }

    template <class T>
    static void estimate_from_sketch(input<thrust_device, T> table, sketch_plan const& plan, view<thrust_device, T> y) {
        terse::estimate_from_sketch<T>(table, plan, y);
    }
    template <class T>
    static void add_entries_to_sketch(std::type_identity_t<T> a, input<thrust_device, index_t> indices,
                                      input<thrust_device, T> values, sketch_plan const& plan,
                                      view<thrust_device, T> table) {
        terse::add_entries_to_sketch<T>(a, indices, values, plan, table);
    }
    template <class T>
    static void clear_in_sketch(input<thrust_device, index_t> indices, sketch_plan const& plan,
                                view<thrust_device, T> table) {
        terse::clear_in_sketch<T>(indices, plan, table);
    }

    template <class T>
    static void round_values(wire::precision p, view<thrust_device, T> values, view<thrust_device, T> rest) {
        terse::round_to_half<T>(p, values, rest, nullptr);
    }
    template <class T>
    static void round_entries(wire::precision p, input<thrust_device, index_t> indices, view<thrust_device, T> values,
                              view<thrust_device, T> rest) {
        terse::round_to_half<T>(p, values, rest, indices.data());
    }

    static std::uint64_t delta_bytes(input<thrust_device, index_t> indices) {
        thrust::counting_iterator<std::size_t> const first(0);
        return thrust::transform_reduce(device_policy(), first, first + static_cast<std::ptrdiff_t>(indices.size()),
                                        element::gap_bytes{indices.data()}, std::uint64_t{0},
                                        thrust::plus<std::uint64_t>());
    }
};

/// The user's own device vector.
template <class T, class A>
struct vector_traits<thrust::device_vector<T, A>> {
    using backend = thrust_device;
    using scalar = T;
    static view<thrust_device, T> of(thrust::device_vector<T, A>& v) {
        return {thrust::raw_pointer_cast(v.data()), v.size()};
    }
};

} // namespace terse
