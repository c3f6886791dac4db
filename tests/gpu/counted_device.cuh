// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "device.cuh"
#include "examples.cuh"

namespace terse_test {

/// The device, or an emulation of one: kernels as CUDA has them where CUDA has kernels, otherwise Thrust's algorithms;
/// and it counts. It has what methods need whose compressors do not talk.
struct counted_device : terse::kernel_verbs<counting_launcher, counted_device> {
    using on = terse::thrust_device;
    template <class T>
    using view = terse::view<counted_device, T>;
    template <class T>
    using input = terse::input<counted_device, T>;
    using index_t = terse::index_t;

    template <class T>
    static T* allocate(std::size_t n) {
        return on::allocate<T>(n);
    }
    template <class T>
    static void release(T* memory, std::size_t n) noexcept {
        on::release(memory, n);
    }
    template <class T>
    static void upload(std::span<std::type_identity_t<T> const> x, view<T> y) {
        on::upload<T>(x, there(y));
    }
    template <class T>
    static void download(input<T> x, std::span<T> y) {
        on::download<T>(there(x), y);
    }

    template <class T>
    static void fill(view<T> y, std::type_identity_t<T> a) {
        count("fill"), on::fill<T>(there(y), a);
    }
    template <class T>
    static void copy(input<T> x, view<T> y) {
        count("copy"), on::copy<T>(there(x), there(y));
    }
    static void sequence(index_t first, index_t step, view<index_t> y) {
        count("sequence"), on::sequence(first, step, there(y));
    }
    template <class T>
    static void axpy(std::type_identity_t<T> a, input<T> x, view<T> y) {
        count("axpy"), on::axpy<T>(a, there(x), there(y));
    }
    template <class T>
    static void axpby(std::type_identity_t<T> a, input<T> x, std::type_identity_t<T> b, view<T> y) {
        count("axpby"), on::axpby<T>(a, there(x), b, there(y));
    }
    template <class T>
    static void scale(std::type_identity_t<T> a, view<T> y) {
        count("scale"), on::scale<T>(a, there(y));
    }
    template <class T>
    static void combine(input<T> x, std::type_identity_t<T> a, input<T> z, view<T> y) {
        count("combine"), on::combine<T>(there(x), a, there(z), there(y));
    }
    template <class T>
    static double sum(view<T> x) {
        return count("sum"), on::sum(there(x));
    }
    template <class T>
    static double sum_of_magnitudes(view<T> x) {
        return count("sum_of_magnitudes"), on::sum_of_magnitudes(there(x));
    }
    template <class T>
    static double sum_of_squares(view<T> x) {
        return count("sum_of_squares"), on::sum_of_squares(there(x));
    }
    template <class T>
    static std::size_t first_non_finite(view<T> x) {
        return count("first_non_finite"), on::first_non_finite(there(x));
    }
    template <class T>
    static void gather(input<T> x, input<index_t> indices, view<T> y) {
        count("gather"), on::gather<T>(there(x), there(indices), there(y));
    }
    template <class T>
    static void scatter_axpy(std::type_identity_t<T> a, input<index_t> indices, input<T> x, view<T> y) {
        count("scatter_axpy"), on::scatter_axpy<T>(a, there(indices), there(x), there(y));
    }
    template <class T>
    static void scatter_axpy(std::type_identity_t<T> a, input<index_t> indices, input<T> x,
                             std::span<view<T> const> each) {
        std::vector<terse::view<on, T>> all;
        for (auto const y : each) all.push_back(there(y));
        count("scatter_axpy"),
            on::scatter_axpy<T>(a, there(indices), there(x), std::span<terse::view<on, T> const>(all));
    }
    template <class T>
    static void scatter_fill(input<index_t> indices, std::type_identity_t<T> a, view<T> y) {
        count("scatter_fill"), on::scatter_fill<T>(there(indices), a, there(y));
    }
    template <class T>
    static std::size_t select_at_least(input<T> x, std::type_identity_t<T> threshold, view<index_t> indices,
                                       view<T> values) {
        return count("select_at_least"), on::select_at_least<T>(there(x), threshold, there(indices), there(values));
    }
    template <class T>
    static std::size_t count_at_least(view<T> x, std::type_identity_t<std::remove_const_t<T>> threshold) {
        return count("count_at_least"), on::count_at_least(there(x), threshold);
    }
    template <class T>
    static std::remove_const_t<T> nth_magnitude(view<T> x, std::size_t n, terse::scratch<counted_device>&) {
        terse::scratch<on> temporary;
        return count("nth_magnitude"), on::nth_magnitude(there(x), n, temporary);
    }
    template <class T>
    static void add_signs(std::type_identity_t<T> a, input<std::uint64_t> words, view<T> y) {
        count("add_signs"), on::add_signs<T>(a, there(words), there(y));
    }
    template <class T>
    static void add_levels(std::type_identity_t<T> a, input<std::uint64_t> words, input<T> units,
                           terse::level_grid const& grid, view<T> y) {
        count("add_levels"), on::add_levels<T>(a, there(words), there(units), grid, there(y));
    }
    template <class T>
    static void round_to_powers(input<T> x, view<T> y, terse::random_stream const& random) {
        count("round_to_powers"), on::round_to_powers<T>(there(x), there(y), random);
    }
    template <class T>
    static void round_values(terse::wire::precision p, view<T> values, view<T> rest) {
        count("round_values"), on::round_values<T>(p, there(values), there(rest));
    }
    template <class T>
    static void round_entries(terse::wire::precision p, input<index_t> indices, view<T> values, view<T> rest) {
        count("round_entries"), on::round_entries<T>(p, there(indices), there(values), there(rest));
    }
    static std::uint64_t elias_bits(input<std::uint64_t> words, unsigned width, std::size_t d) {
        return count("elias_bits"), on::elias_bits(there(words), width, d);
    }
    static std::uint64_t delta_bytes(input<index_t> indices) {
        return count("delta_bytes"), on::delta_bytes(there(indices));
    }

private:
    template <class T>
    static terse::view<on, T> there(view<T> v) {
        return {v.data(), v.size()};
    }
    static void count(char const* verb) { start_counts::add(verb); }
};
static_assert(terse::Backend<counted_device, float> && terse::Backend<counted_device, double>);

template <>
struct to_host<counted_device> : to_host<terse::thrust_device> {};

} // namespace terse_test
