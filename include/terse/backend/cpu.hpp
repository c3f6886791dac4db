// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>

#include <Eigen/Core>

#include <terse/backend/concept.hpp>
#include <terse/backend/cpu/accumulate.hpp>
#include <terse/backend/cpu/allocate.hpp>
#include <terse/backend/cpu/at_least.hpp>
#include <terse/backend/cpu/candidates.hpp>
#include <terse/backend/cpu/draw_support.hpp>
#include <terse/backend/cpu/finite.hpp>
#include <terse/backend/cpu/half.hpp>
#include <terse/backend/cpu/levels.hpp>
#include <terse/backend/cpu/low_rank.hpp>
#include <terse/backend/cpu/merge.hpp>
#include <terse/backend/cpu/nth_magnitude.hpp>
#include <terse/backend/cpu/powers.hpp>
#include <terse/backend/cpu/reduce.hpp>
#include <terse/backend/cpu/signs.hpp>
#include <terse/backend/cpu/sketch.hpp>
#include <terse/backend/cpu/take_largest.hpp>

namespace terse {

/// A host view as an Eigen vector over the same memory.
template <class T>
auto as_eigen(view<cpu, T> v) {
    using vector = Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, 1>;
    return Eigen::Map<std::conditional_t<std::is_const_v<T>, vector const, vector>>(
        v.data(), static_cast<Eigen::Index>(v.size()));
}

/// Host memory. Element-wise verbs are Eigen expressions (their bits do not depend on the instruction set); sums have
/// an order of their own, because Eigen's depend on it.
struct cpu {
    static constexpr std::size_t alignment = cache_line; ///< of arrays, or more

    template <class T>
    static T* allocate(std::size_t n) {
        return static_cast<T*>(allocate_bytes(n * sizeof(T)));
    }
    template <class T>
    static void release(T* memory, std::size_t n) noexcept {
        release_bytes(memory, n * sizeof(T));
    }

    template <class T>
    static void fill(view<cpu, T> y, std::type_identity_t<T> a) {
        std::fill_n(y.data(), y.size(), a);
    }
    template <class T>
    static void copy(input<cpu, T> x, view<cpu, T> y) {
        std::copy_n(x.data(), x.size(), y.data());
    }
    template <class T>
    static void upload(std::span<std::type_identity_t<T> const> x, view<cpu, T> y) {
        std::copy_n(x.data(), x.size(), y.data());
    }

    static void sequence(index_t first, index_t step, view<cpu, index_t> y) {
        for (std::size_t i = 0; i < y.size(); ++i) y[i] = first + i * step;
    }

    template <class T>
    static void axpy(std::type_identity_t<T> a, input<cpu, T> x, view<cpu, T> y) {
        if (a == T(1))
            as_eigen(y) += as_eigen<T const>(x);
        else
            as_eigen(y) += a * as_eigen<T const>(x);
    }
    template <class T>
    static void axpby(std::type_identity_t<T> a, input<cpu, T> x, std::type_identity_t<T> b, view<cpu, T> y) {
        if (b == T(1))
            axpy(a, x, y);
        else if (a == T(1))
            as_eigen(y) = b * as_eigen(y) + as_eigen<T const>(x);
        else
            as_eigen(y) = b * as_eigen(y) + a * as_eigen<T const>(x);
    }
    /// axpby, then first_non_finite of y, in one pass over memory.
    template <class T>
    static std::size_t accumulate(std::type_identity_t<T> a, input<cpu, T> x, std::type_identity_t<T> b, view<cpu, T> y,
                                  scratch<cpu>* temporary = nullptr) {
        return terse::accumulate<T>(a, x, b, y, temporary == nullptr ? nullptr : temporary->helpers);
    }
    template <class T>
    static void scale(std::type_identity_t<T> a, view<cpu, T> y) {
        as_eigen(y) *= a;
    }
    template <class T>
    static void combine(input<cpu, T> x, std::type_identity_t<T> a, input<cpu, T> z, view<cpu, T> y) {
        as_eigen(y) = as_eigen<T const>(x) + a * as_eigen<T const>(z);
    }

    template <class T>
    static double sum(view<cpu, T> x) {
        return fixed_order_sum<plain_numbers, std::remove_const_t<T>>(x);
    }
    template <class T>
    static double sum_of_magnitudes(view<cpu, T> x) {
        return fixed_order_sum<magnitudes, std::remove_const_t<T>>(x);
    }
    template <class T>
    static double sum_of_squares(view<cpu, T> x) {
        return fixed_order_sum<squares, std::remove_const_t<T>>(x);
    }
    template <class T>
    static std::size_t first_non_finite(view<cpu, T> x) {
        return terse::first_non_finite<std::remove_const_t<T>>(x);
    }

    template <class T>
    static void gather(input<cpu, T> x, input<cpu, index_t> indices, view<cpu, T> y) {
        for (std::size_t j = 0; j < indices.size(); ++j) y[j] = x[indices[j]];
    }
    template <class T>
    static void scatter_axpy(std::type_identity_t<T> a, input<cpu, index_t> indices, input<cpu, T> x, view<cpu, T> y) {
        for (std::size_t j = 0; j < indices.size(); ++j) y[indices[j]] += a * x[j];
    }
    template <class T>
    static void scatter_fill(input<cpu, index_t> indices, std::type_identity_t<T> a, view<cpu, T> y) {
        for (std::size_t j = 0; j < indices.size(); ++j) y[indices[j]] = a;
    }

    static void draw_support(random_stream const& random, std::size_t d, view<cpu, index_t> indices,
                             scratch<cpu>& temporary) {
        scratch<cpu>::scope const scope(temporary);
        terse::draw_support(random, d, temporary.take<std::uint64_t>((d + 63) / 64), indices);
    }

    template <class T>
    static void select_largest(input<cpu, T> x, std::size_t n, view<cpu, index_t> indices, view<cpu, T> values,
                               scratch<cpu>& temporary) {
        auto const anywhere = random_stream(0, purpose::sample);
        terse::select_largest<T>(x, indices.part(0, n), values.part(0, n), anywhere, temporary);
    }
    template <class T>
    static bool take_largest(std::type_identity_t<T> a, input<cpu, T> g, std::type_identity_t<T> b, view<cpu, T> e,
                             view<cpu, index_t> indices, view<cpu, T> values, random_stream const& random,
                             scratch<cpu>& temporary, bool carried = false) {
        return terse::take_largest<T>(a, g, b, e, indices, values, random, temporary, best_instruction_set(), nullptr,
                                      carried);
    }
    template <class T>
    static bool take_largest(std::type_identity_t<T> a, momentum_step<cpu, T> const& g, std::type_identity_t<T> b,
                             view<cpu, T> e, view<cpu, index_t> indices, view<cpu, T> values,
                             random_stream const& random, scratch<cpu>& temporary, bool carried = false) {
        return terse::take_largest<T>(a, g, b, e, indices, values, random, temporary, best_instruction_set(), nullptr,
                                      carried);
    }
    template <class T>
    static bool take_largest(std::type_identity_t<T> a, added_before<cpu, T> const& g, std::type_identity_t<T> b,
                             view<cpu, T> e, view<cpu, index_t> indices, view<cpu, T> values,
                             random_stream const& random, scratch<cpu>& temporary, bool carried = false) {
        return terse::take_largest<T>(a, g, b, e, indices, values, random, temporary, best_instruction_set(), nullptr,
                                      carried);
    }
    template <class T>
    static std::size_t select_at_least(input<cpu, T> x, std::type_identity_t<T> threshold, view<cpu, index_t> indices,
                                       view<cpu, T> values) {
        return terse::select_at_least<T>(x, threshold, indices, values);
    }
    template <class T>
    static selection_outcome take_at_least(std::type_identity_t<T> a, input<cpu, T> g, std::type_identity_t<T> b,
                                           view<cpu, T> e, std::type_identity_t<T> threshold, entry_range allowed,
                                           buffer<cpu, index_t>& indices, buffer<cpu, T>& values,
                                           scratch<cpu>& temporary) {
        return terse::take_at_least<T>(a, g, b, e, threshold, allowed, indices, values, temporary);
    }
    template <class T>
    static std::size_t count_at_least(view<cpu, T> x, std::type_identity_t<std::remove_const_t<T>> threshold) {
        return terse::count_at_least<std::remove_const_t<T>>(x, threshold);
    }
    template <class T>
    static std::remove_const_t<T> nth_magnitude(view<cpu, T> x, std::size_t n, scratch<cpu>&) {
        using number = std::remove_const_t<T>;
        if (n == 1) {
            unchanged<number> const source{x.data()};
            return detail::largest_magnitude_of(source, 0, x.size(), best_instruction_set());
        }
        return from_magnitude<number>(terse::nth_magnitude<number>(x, n).magnitude);
    }

    template <class T>
    static std::size_t merge(std::span<sparse_entries<cpu, T> const> messages, std::size_t dimension,
                             view<cpu, index_t> indices, view<cpu, T> values, scratch<cpu>& temporary) {
        return merge_sparse<T>(messages, dimension, indices, values, temporary);
    }

    template <class T>
    static double pack_signs(view<cpu, T> x, view<cpu, std::uint64_t> words) {
        return terse::pack_signs<std::remove_const_t<T>>(x, words);
    }
    template <class T>
    static void add_signs(std::type_identity_t<T> a, input<cpu, std::uint64_t> words, view<cpu, T> y) {
        terse::add_signs<T>(a, words, y);
    }
    template <class T>
    static void sum_signs(std::span<signed_by<cpu, T> const> terms, std::type_identity_t<T> a, view<cpu, T> y) {
        terse::sum_signs<T>(terms, a, y);
    }
    template <class T>
    static double accumulate_signs(std::type_identity_t<T> a, input<cpu, T> x, std::type_identity_t<T> scale,
                                   std::type_identity_t<T> b, view<cpu, T> e, view<cpu, std::uint64_t> words,
                                   scratch<cpu>& temporary) {
        return terse::accumulate_signs<T>(a, x, scale, b, e, words, best_instruction_set(), &temporary);
    }
    template <class T>
    static void subtract_signs(std::type_identity_t<T> scale, view<cpu, T> e) {
        terse::subtract_signs<T>(scale, e);
    }

    template <class T>
    static void accumulate_product(std::type_identity_t<T> a, input<cpu, T> x, std::type_identity_t<T> b,
                                   view<cpu, T> y, matrix_shape s, input<cpu, T> q, view<cpu, T> p) {
        terse::accumulate_product<T>(a, x, {}, b, y, s, q, p);
    }
    template <class T>
    static void accumulate_product(std::type_identity_t<T> a, input<cpu, T> x, low_rank_term<cpu, T> less,
                                   std::type_identity_t<T> b, view<cpu, T> y, matrix_shape s, input<cpu, T> q,
                                   view<cpu, T> p) {
        terse::accumulate_product<T>(a, x, less, b, y, s, q, p);
    }
    template <class T>
    static void transposed_product(input<cpu, T> y, matrix_shape s, input<cpu, T> p, view<cpu, T> q) {
        terse::transposed_product<T>(y, s, p, q);
    }
    template <class T>
    static void add_outer_product(std::type_identity_t<T> a, input<cpu, T> p, input<cpu, T> q, matrix_shape s,
                                  view<cpu, T> y) {
        terse::add_outer_product<T>(a, p, q, s, y);
    }
    template <class T>
    static void orthonormalise(view<cpu, T> p, std::size_t rows, std::size_t rank) {
        terse::orthonormalise<T>(p, rows, rank);
    }
    template <class T>
    static void quantize(input<cpu, T> x, level_grid const& grid, view<cpu, T> units, view<cpu, std::uint64_t> words,
                         random_stream const& random) {
        terse::quantize<T>(x, grid, units, words, random);
    }
    template <class T>
    static std::size_t take_quantized(std::type_identity_t<T> a, input<cpu, T> g, std::type_identity_t<T> b,
                                      view<cpu, T> e, level_grid const& grid, view<cpu, T> units,
                                      view<cpu, std::uint64_t> words, random_stream const& random,
                                      scratch<cpu>& temporary) {
        return terse::take_quantized<T>(a, g, b, e, grid, units, words, random, best_instruction_set(),
                                        temporary.helpers);
    }
    template <class T>
    static void add_levels(std::type_identity_t<T> a, input<cpu, std::uint64_t> words, input<cpu, T> units,
                           level_grid const& grid, view<cpu, T> y) {
        terse::add_levels<T>(a, words, units, grid, y);
    }
    template <class T>
    static void round_to_powers(input<cpu, T> x, view<cpu, T> y, random_stream const& random) {
        terse::round_to_powers<T>(x, y, random);
    }
    static std::uint64_t elias_bits(input<cpu, std::uint64_t> words, unsigned width, std::size_t d) {
        return terse::elias_bits(words, width, d);
    }

    template <class T>
    static void accumulate_sketch(std::type_identity_t<T> a, input<cpu, T> x, std::type_identity_t<T> b, view<cpu, T> y,
                                  sketch_plan const& plan, view<cpu, T> table) {
        terse::accumulate_sketch<T>(a, x, b, y, plan, table);
    }
    template <class T>
    static void estimate_from_sketch(input<cpu, T> table, sketch_plan const& plan, view<cpu, T> y) {
        terse::estimate_from_sketch<T>(table, plan, y);
    }
    template <class T>
    static void add_entries_to_sketch(std::type_identity_t<T> a, input<cpu, index_t> indices, input<cpu, T> values,
                                      sketch_plan const& plan, view<cpu, T> table) {
        terse::add_entries_to_sketch<T>(a, indices, values, plan, table);
    }
    template <class T>
    static void clear_in_sketch(input<cpu, index_t> indices, sketch_plan const& plan, view<cpu, T> table) {
        terse::clear_in_sketch<T>(indices, plan, table);
    }

    template <class T>
    static void round_values(wire::precision p, view<cpu, T> values, view<cpu, T> rest) {
        terse::round_values<T>(p, values, rest);
    }
    template <class T>
    static void round_entries(wire::precision p, input<cpu, index_t> indices, view<cpu, T> values, view<cpu, T> rest) {
        terse::round_entries<T>(p, indices, values, rest);
    }

    static std::uint64_t delta_bytes(input<cpu, index_t> indices) {
        std::uint64_t bytes = 0;
        index_t next = 0;
        for (auto const i : indices) {
            bytes += (static_cast<std::uint64_t>(std::bit_width((i - next) | 1)) + 6) / 7;
            next = i + 1;
        }
        return bytes;
    }
};

} // namespace terse
