// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/low_rank_kernels.hpp>
#include <terse/backend/gram_schmidt.hpp>
#include <terse/backend/low_rank_term.hpp>
#include <terse/backend/matrix_shape.hpp>
#include <terse/backend/view.hpp>

namespace terse {

namespace detail {

// f(first, n) for the columns of a factor, at most four at a time: std::integral_constant n.
template <class F>
void for_each_four_columns(std::size_t rank, F f) {
    std::size_t k = 0;
    for (; k + 4 <= rank; k += 4) f(k, std::integral_constant<std::size_t, 4>());
    if (rank - k == 3) f(k, std::integral_constant<std::size_t, 3>());
    if (rank - k == 2) f(k, std::integral_constant<std::size_t, 2>());
    if (rank - k == 1) f(k, std::integral_constant<std::size_t, 1>());
}

} // namespace detail

/// y <- b y + a (x - l r') and p = Y q, where Y is the matrix in y, l and r the factors of a term of the same shape,
/// and bit for bit what add_outer_product(-1, l, r) leaves of x comes first. There may be no term, and no x, for
/// nothing. The order of the sums depends on the shape alone.
template <class T>
void accumulate_product(T a, view<cpu, T const> x, low_rank_term<cpu, T> less, T b, view<cpu, T> y, matrix_shape s,
                        view<cpu, T const> q, view<cpu, T> p,
                        [[maybe_unused]] instruction_set form = best_instruction_set()) {
    detail::low_rank_factors<T> const term{less.left.data(), less.right.data(), s.rank};
    detail::for_each_four_columns(s.rank, [&]<std::size_t n>(std::size_t k, std::integral_constant<std::size_t, n>) {
        auto const run = [&](auto kernel) {
            kernel(a, k == 0 && !x.empty() ? x.data() : nullptr, term, b, y.data(), s.rows, s.cols,
                   q.data() + k * s.cols, p.data() + k * s.rows);
        };
        auto const with = [&]<detail::term_of t>(std::integral_constant<detail::term_of, t>) {
#if defined(__x86_64__)
            if (form == instruction_set::avx512) return run(avx512::rows_times<n, t, T>);
            if (form == instruction_set::avx2) return run(avx2::rows_times<n, t, T>);
#endif
            run(portable::rows_times<n, t, T>);
        };
        using detail::term_of;
        if (k > 0 || x.empty() || less.left.empty()) return with(std::integral_constant<term_of, term_of::none>());
        if (s.rank == n) return with(std::integral_constant<term_of, term_of::as_many>());
        if constexpr (n == 4) with(std::integral_constant<term_of, term_of::any>());
    });
}

/// q = Y' p, added up from the first row to the last.
template <class T>
void transposed_product(view<cpu, T const> y, matrix_shape s, view<cpu, T const> p, view<cpu, T> q,
                        [[maybe_unused]] instruction_set form = best_instruction_set()) {
    std::fill(q.begin(), q.end(), T(0));
    detail::for_each_four_columns(s.rank, [&]<std::size_t n>(std::size_t k, std::integral_constant<std::size_t, n>) {
        auto const run = [&](auto kernel) {
            kernel(y.data(), s.rows, s.cols, p.data() + k * s.rows, q.data() + k * s.cols);
        };
#if defined(__x86_64__)
        if (form == instruction_set::avx512) return run(avx512::columns_times<n, T>);
        if (form == instruction_set::avx2) return run(avx2::columns_times<n, T>);
#endif
        run(portable::columns_times<n, T>);
    });
}

/// Y <- Y + a p q', with the products of a coordinate added up from the first column to the last, then multiplied by a.
template <class T>
void add_outer_product(T a, view<cpu, T const> p, view<cpu, T const> q, matrix_shape s, view<cpu, T> y,
                       [[maybe_unused]] instruction_set form = best_instruction_set()) {
    detail::for_each_four_columns(s.rank, [&]<std::size_t n>(std::size_t k, std::integral_constant<std::size_t, n>) {
        auto const run = [&](auto kernel) {
            kernel(a, p.data() + k * s.rows, q.data() + k * s.cols, s.rows, s.cols, y.data());
        };
#if defined(__x86_64__)
        if (form == instruction_set::avx512) return run(avx512::add_outer<n, T>);
        if (form == instruction_set::avx2) return run(avx2::add_outer<n, T>);
#endif
        run(portable::add_outer<n, T>);
    });
}

} // namespace terse
