// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>

// Products of a large matrix with a few columns, each written once and compiled for several sets of instructions, with
// the same bits: sixteen lanes whatever the registers, and no multiplication joined to an addition. Inlined by force,
// because a function is compiled for the instructions of the one that it is inlined into.
#define TERSE_INLINE [[gnu::always_inline]] inline

namespace terse {

namespace detail {

/// `lanes` numbers, added and multiplied one by one.
template <class T, std::size_t lanes>
struct numbers_of {
    using type [[gnu::vector_size(lanes * sizeof(T))]] = T;
    using unaligned [[gnu::vector_size(lanes * sizeof(T)), gnu::aligned(alignof(T)), gnu::may_alias]] = T;
};

/// A product left right' of factors in memory, column by column.
template <class T>
struct low_rank_factors {
    T const* left;
    T const* right;
    std::size_t rank;
};
/// What the products know of such a term when they are compiled: that it is not there, that it has as many columns as
/// there are to multiply with, or nothing.
enum class term_of : unsigned char { none, as_many, any };

/// Products whose vectors have so many lanes, 8 or 16, and which take so many rows at a time, so that a factor is read
/// less often.
template <class T, std::size_t lanes, std::size_t rows_at_once>
struct low_rank_kernels {
    using v = typename numbers_of<T, lanes>::type;
    static constexpr std::size_t halves = 16 / lanes;

    using unaligned = typename numbers_of<T, lanes>::unaligned;
    static constexpr std::size_t ahead = 1024 / sizeof(T); // columns from what is asked for to what is used

    // Pointers, because how a vector is passed or returned depends on the instructions.
    TERSE_INLINE static unaligned const* at(T const* x) { return reinterpret_cast<unaligned const*>(x); }
    TERSE_INLINE static unaligned* at(T* x) { return reinterpret_cast<unaligned*>(x); }

    TERSE_INLINE static void load(T const* from, v& to) { to = *at(from); }
    TERSE_INLINE static void load(T const* from, T& to) { to = *from; }

    // x <- x - left right', in r rows of one column or of many, for n columns of the factors.
    template <std::size_t n, std::size_t r, class V>
    TERSE_INLINE static void take_off_columns(T const* left, T const* right, std::size_t rows, std::size_t cols,
                                              V (&x)[r]) {
        V sum[r]{};
#pragma GCC unroll 8
        for (std::size_t k = 0; k < n; ++k) {
            V factor;
            load(right + k * cols, factor);
#pragma GCC unroll 8
            for (std::size_t i = 0; i < r; ++i) sum[i] += left[k * rows + i] * factor;
        }
#pragma GCC unroll 8
        for (std::size_t i = 0; i < r; ++i) x[i] += T(-1) * sum[i];
    }
    /// The same for all columns of the factors, four at a time as they come in add_outer(). If they are as many as
    /// there are to multiply with, they are n.
    template <std::size_t n, term_of t, std::size_t r, class V>
    TERSE_INLINE static void take_off(low_rank_factors<T> less, std::size_t rows, std::size_t cols, std::size_t column,
                                      V (&x)[r]) {
        if constexpr (t == term_of::as_many) take_off_columns<n>(less.left, less.right + column, rows, cols, x);
        if constexpr (t == term_of::any) {
            auto const* left = less.left;
            auto const* right = less.right + column;
            auto k = less.rank;
            for (; k >= 4; k -= 4, left += 4 * rows, right += 4 * cols) take_off_columns<4>(left, right, rows, cols, x);
            if (k == 3) take_off_columns<3>(left, right, rows, cols, x);
            if (k == 2) take_off_columns<2>(left, right, rows, cols, x);
            if (k == 1) take_off_columns<1>(left, right, rows, cols, x);
        }
    }

    /// y <- b y + a x and p = Y q, for r rows; x still has `less` to lose, which has as many columns as q if they are
    /// all here.
    template <std::size_t n, term_of t, std::size_t r>
    TERSE_INLINE static void some_rows_times(T a, T const* x, low_rank_factors<T> less, T b, T* y, std::size_t rows,
                                             std::size_t cols, T const* q, T* p) {
        v sum[r][n][halves]{};
        std::size_t j = 0;
        for (; j + 16 <= cols; j += 16)
#pragma GCC unroll 8
            for (std::size_t h = 0; h < halves; ++h) {
                auto const column = j + lanes * h;
                v z[r], added[r]{};
                if (x != nullptr) {
#pragma GCC unroll 8
                    for (std::size_t i = 0; i < r; ++i) {
                        __builtin_prefetch(x + i * cols + column + ahead);
                        added[i] = *at(x + i * cols + column);
                    }
                    take_off<n, t>(less, rows, cols, column, added);
                }
#pragma GCC unroll 8
                for (std::size_t i = 0; i < r; ++i) {
                    __builtin_prefetch(y + i * cols + column + ahead);
                    z[i] = *at(y + i * cols + column);
                    if (x != nullptr) {
                        z[i] = b * z[i] + a * added[i];
                        *at(y + i * cols + column) = z[i];
                    }
                }
#pragma GCC unroll 8
                for (std::size_t k = 0; k < n; ++k) {
                    v const factor = *at(q + k * cols + column);
#pragma GCC unroll 8
                    for (std::size_t i = 0; i < r; ++i) sum[i][k][h] += z[i] * factor;
                }
            }
        for (; j < cols; ++j) {
            T added[r]{};
            if (x != nullptr) {
                for (std::size_t i = 0; i < r; ++i) added[i] = x[i * cols + j];
                take_off<n, t>(less, rows, cols, j, added);
            }
            for (std::size_t i = 0; i < r; ++i) {
                auto& own = y[i * cols + j];
                if (x != nullptr) own = b * own + a * added[i];
                for (std::size_t k = 0; k < n; ++k) sum[i][k][j % 16 / lanes][j % lanes] += own * q[k * cols + j];
            }
        }
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t k = 0; k < n; ++k) {
                auto const lane = [&](std::size_t l) { return sum[i][k][l / lanes][l % lanes]; };
                auto const both = [&](std::size_t l) { return lane(l) + lane(l + 8); };
                p[k * rows + i] =
                    ((both(0) + both(4)) + (both(2) + both(6))) + ((both(1) + both(5)) + (both(3) + both(7)));
            }
    }
    template <std::size_t n, term_of t>
    TERSE_INLINE static void rows_times(T a, T const* x, low_rank_factors<T> less, T b, T* y, std::size_t rows,
                                        std::size_t cols, T const* q, T* p) {
        std::size_t i = 0;
        auto const from = [&] { return x == nullptr ? nullptr : x + i * cols; };
        auto const rest = [&] {
            return t == term_of::none ? less : low_rank_factors<T>{less.left + i, less.right, less.rank};
        };
        for (; i + rows_at_once <= rows; i += rows_at_once)
            some_rows_times<n, t, rows_at_once>(a, from(), rest(), b, y + i * cols, rows, cols, q, p + i);
        for (; i < rows; ++i) some_rows_times<n, t, 1>(a, from(), rest(), b, y + i * cols, rows, cols, q, p + i);
    }

    // Of r rows at a time, so that q is read and written less often.
    template <std::size_t n, std::size_t r>
    TERSE_INLINE static void columns_of_some_times(T const* y, std::size_t rows, std::size_t cols, T const* p, T* q) {
        std::size_t j = 0;
        for (; j + lanes <= cols; j += lanes) {
            v z[r];
#pragma GCC unroll 8
            for (std::size_t l = 0; l < r; ++l) {
                __builtin_prefetch(y + l * cols + j + ahead);
                z[l] = *at(y + l * cols + j);
            }
#pragma GCC unroll 8
            for (std::size_t k = 0; k < n; ++k) {
                v sum = *at(q + k * cols + j);
#pragma GCC unroll 8
                for (std::size_t l = 0; l < r; ++l) sum += z[l] * p[k * rows + l];
                *at(q + k * cols + j) = sum;
            }
        }
        for (; j < cols; ++j)
            for (std::size_t k = 0; k < n; ++k)
                for (std::size_t l = 0; l < r; ++l) q[k * cols + j] += y[l * cols + j] * p[k * rows + l];
    }
    template <std::size_t n>
    TERSE_INLINE static void columns_times(T const* y, std::size_t rows, std::size_t cols, T const* p, T* q) {
        std::size_t i = 0;
        for (; i + 8 <= rows; i += 8) columns_of_some_times<n, 8>(y + i * cols, rows, cols, p + i, q);
        for (; i < rows; ++i) columns_of_some_times<n, 1>(y + i * cols, rows, cols, p + i, q);
    }

    /// Y <- Y + a p q', for r rows.
    template <std::size_t n, std::size_t r>
    TERSE_INLINE static void add_outer_to_some(T a, T const* p, T const* q, std::size_t rows, std::size_t cols, T* y) {
        std::size_t j = 0;
        for (; j + lanes <= cols; j += lanes) {
            v sum[r]{};
#pragma GCC unroll 8
            for (std::size_t k = 0; k < n; ++k) {
                v const factor = *at(q + k * cols + j);
#pragma GCC unroll 8
                for (std::size_t i = 0; i < r; ++i) sum[i] += p[k * rows + i] * factor;
            }
#pragma GCC unroll 8
            for (std::size_t i = 0; i < r; ++i) {
                __builtin_prefetch(y + i * cols + j + 2 * ahead);
                *at(y + i * cols + j) += a * sum[i];
            }
        }
        for (; j < cols; ++j)
            for (std::size_t i = 0; i < r; ++i) {
                T sum = 0;
                for (std::size_t k = 0; k < n; ++k) sum += p[k * rows + i] * q[k * cols + j];
                y[i * cols + j] += a * sum;
            }
    }
    template <std::size_t n>
    TERSE_INLINE static void add_outer(T a, T const* p, T const* q, std::size_t rows, std::size_t cols, T* y) {
        std::size_t i = 0;
        for (; i + rows_at_once <= rows; i += rows_at_once)
            add_outer_to_some<n, rows_at_once>(a, p + i, q, rows, cols, y + i * cols);
        for (; i < rows; ++i) add_outer_to_some<n, 1>(a, p + i, q, rows, cols, y + i * cols);
    }
};

} // namespace detail

namespace portable {
template <class T>
using low_rank = detail::low_rank_kernels<T, 8, 1>;
}
namespace avx2 {
template <class T>
using low_rank = detail::low_rank_kernels<T, 8, 1>;
}
namespace avx512 {
template <class T>
using low_rank = detail::low_rank_kernels<T, 64 / sizeof(T), 4>; // takes 32 registers
}

} // namespace terse

#define TERSE_FORM portable
#define TERSE_TARGET
#include <terse/backend/cpu/low_rank_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET

#if defined(__x86_64__)
#define TERSE_FORM avx2
#define TERSE_TARGET [[gnu::target("avx2")]]
#include <terse/backend/cpu/low_rank_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET

#define TERSE_FORM avx512
#define TERSE_TARGET [[gnu::target("avx512f,avx512vl,avx512bw,avx512dq")]]
#include <terse/backend/cpu/low_rank_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET
#endif

#undef TERSE_INLINE
