// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>

#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/low_rank_kernels.hpp>
#include <terse/backend/fixed_order.hpp>
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

/// y <- b y + a x and p = Y q, where Y is the matrix in y; x may be empty, for nothing. The order of the sums depends
/// on the shape alone.
template <class T>
void accumulate_product(T a, view<cpu, T const> x, T b, view<cpu, T> y, matrix_shape s, view<cpu, T const> q,
                        view<cpu, T> p, [[maybe_unused]] instruction_set form = best_instruction_set()) {
    auto const* from = x.empty() ? nullptr : x.data();
    detail::for_each_four_columns(s.rank, [&]<std::size_t n>(std::size_t k, std::integral_constant<std::size_t, n>) {
        auto const run = [&](auto kernel) {
            kernel(a, k == 0 ? from : nullptr, b, y.data(), s.rows, s.cols, q.data() + k * s.cols,
                   p.data() + k * s.rows);
        };
#if defined(__x86_64__)
        if (form == instruction_set::avx512) return run(avx512::rows_times<n, T>);
        if (form == instruction_set::avx2) return run(avx2::rows_times<n, T>);
#endif
        run(portable::rows_times<n, T>);
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

/// x' y in double, in the fixed order.
template <class T>
double dot(view<cpu, T const> x, view<cpu, T const> y) {
    double total = 0;
    for (std::size_t first = 0; first < x.size(); first += fixed_order::block) {
        auto const n = std::min(x.size() - first, fixed_order::block);
        double lane[fixed_order::lanes]{};
        for (std::size_t i = 0; i < n; ++i)
            lane[i % fixed_order::lanes] += static_cast<double>(x[first + i]) * static_cast<double>(y[first + i]);
        total += fixed_order::sum(lane);
    }
    return total;
}

/// Gram-Schmidt on the columns of p, one after the other: what those before it explain is subtracted from a column, and
/// it is divided by its norm. Where less than a tenth of a column is left, the rounding of what was subtracted shows in
/// it, and that lies in the directions of the columns before, too: it is made as long as 1 and goes through this again,
/// until little is lost. So the columns end orthonormal whatever the rank of p: what rounding leaves of a column that
/// depends on those before becomes some direction orthogonal to them. A column becomes zeros if there is none; a column
/// of zeros stays one, and NaN stays.
template <class T>
void orthonormalise(view<cpu, T> p, std::size_t rows, std::size_t rank) {
    constexpr int most = 5; // passes; two are enough, but for rounding that lies in those directions alone
    for (std::size_t k = 0; k < rank; ++k) {
        auto const column = p.part(k * rows, rows);
        auto const length = [&] { return std::sqrt(dot<T>(column, column)); };
        auto const divide = [&](double by) {
            for (auto& x : column) x = static_cast<T>(static_cast<double>(x) / by);
        };
        double before = length(), left = before;
        for (int pass = 1; before != 0; ++pass) {
            for (std::size_t l = 0; l < k; ++l) {
                auto const other = p.part(l * rows, rows);
                auto const along = static_cast<T>(dot<T>(other, column));
                for (std::size_t i = 0; i < rows; ++i) column[i] -= along * other[i];
            }
            left = length();
            if (!(left < 0.1 * before)) break;
            if (pass == most || left == 0) {
                std::fill(column.begin(), column.end(), T(0));
                before = left = 0;
            } else {
                divide(left);
                before = 1;
            }
        }
        if (left != 0) divide(left);
    }
}

} // namespace terse
