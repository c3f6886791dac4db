// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/buffer.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>
#include <terse/random.hpp>

namespace terse {

/// A place where numbers live, and the verbs that touch them; everything else in the library is written once on top.
/// x is read, y is read and written; sizes agree; `indices` are ascending and distinct.
template <class B, class T = float>
concept Backend = requires(T a, T* memory, std::size_t n, view<B, T const> x, view<B, T> y,
                           view<B, index_t const> indices, view<B, index_t> found, view<B, std::uint64_t> words,
                           view<B, std::uint64_t const> bits, std::span<index_t const> host, scratch<B>& temporary,
                           level_grid grid, random_stream random) {
    { B::template allocate<T>(n) } -> std::same_as<T*>;
    B::release(memory, n);
    B::fill(y, a);                                           // y_i = a
    B::copy(x, y);                                           // y = x
    B::axpy(a, x, y);                                        // y += a x
    B::axpby(a, x, a, y);                                    // y = a x + b y
    B::scale(a, y);                                          // y = a y
    B::combine(x, a, x, y);                                  // y = x + a x'
    { B::sum(x) } -> std::same_as<double>;                   // x_0 + .., in a fixed order
    { B::sum_of_magnitudes(x) } -> std::same_as<double>;     // |x|_1, in a fixed order
    { B::sum_of_squares(x) } -> std::same_as<double>;        // |x|_2^2, in a fixed order
    { B::first_non_finite(x) } -> std::same_as<std::size_t>; // its index, or the size
    B::gather(x, indices, y);                                // y_j = x_{i_j}
    B::scatter_axpy(a, indices, x, y);                       // y_{i_j} += a x_j
    B::scatter_fill(indices, a, y);                          // y_{i_j} = a
    B::sequence(index_t{}, index_t{}, found);                // y_j = first + j step
    B::upload(host, found);                                  // from host memory
    B::select_largest(x, n, found, y, temporary);            // the n largest |x_i|, see compressor/top_k.hpp
    { B::select_at_least(x, a, found, y) } -> std::same_as<std::size_t>; // the |x_i| >= a, a > 0; how many
    { B::count_at_least(x, a) } -> std::same_as<std::size_t>;            // how many |x_i| >= a
    { B::nth_magnitude(x, n, temporary) } -> std::same_as<T>;            // the n-th largest |x_i|, n from 1
    { B::pack_signs(x, words) } -> std::same_as<double>;                 // bit i is 1 where x_i >= 0; returns |x|_1
    B::add_signs(a, bits, y);                                            // y_i += a where bit i is 1, else y_i -= a
    B::quantize(x, grid, y, words, random); // x in levels: their units (or from them), the levels; see level_grid.hpp
    B::add_levels(a, bits, x, grid, y);     // y_i += a u l_i
    B::round_to_powers(x, y, random);       // to powers of two, see compressor/natural.hpp
    { B::elias_bits(bits, 0u, n) } -> std::same_as<std::uint64_t>; // of n levels, see wire/levels.hpp
    { B::delta_bytes(indices) } -> std::same_as<std::uint64_t>;    // see wire/sparse.hpp
};

} // namespace terse
