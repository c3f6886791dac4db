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

    /// y <- b y + a x and p = Y q, for r rows.
    template <std::size_t n, std::size_t r>
    TERSE_INLINE static void some_rows_times(T a, T const* x, T b, T* y, std::size_t rows, std::size_t cols, T const* q,
                                             T* p) {
        v sum[r][n][halves]{};
        std::size_t j = 0;
        for (; j + 16 <= cols; j += 16)
#pragma GCC unroll 8
            for (std::size_t h = 0; h < halves; ++h) {
                auto const column = j + lanes * h;
                v z[r];
#pragma GCC unroll 8
                for (std::size_t i = 0; i < r; ++i) {
                    __builtin_prefetch(y + i * cols + column + ahead);
                    z[i] = *at(y + i * cols + column);
                    if (x != nullptr) {
                        __builtin_prefetch(x + i * cols + column + ahead);
                        z[i] = b * z[i] + a * *at(x + i * cols + column);
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
        for (; j < cols; ++j)
            for (std::size_t i = 0; i < r; ++i) {
                auto& own = y[i * cols + j];
                if (x != nullptr) own = b * own + a * x[i * cols + j];
                for (std::size_t k = 0; k < n; ++k) sum[i][k][j % 16 / lanes][j % lanes] += own * q[k * cols + j];
            }
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t k = 0; k < n; ++k) {
                auto const lane = [&](std::size_t l) { return sum[i][k][l / lanes][l % lanes]; };
                auto const both = [&](std::size_t l) { return lane(l) + lane(l + 8); };
                p[k * rows + i] =
                    ((both(0) + both(4)) + (both(2) + both(6))) + ((both(1) + both(5)) + (both(3) + both(7)));
            }
    }
    template <std::size_t n>
    TERSE_INLINE static void rows_times(T a, T const* x, T b, T* y, std::size_t rows, std::size_t cols, T const* q,
                                        T* p) {
        std::size_t i = 0;
        auto const from = [&] { return x == nullptr ? nullptr : x + i * cols; };
        for (; i + rows_at_once <= rows; i += rows_at_once)
            some_rows_times<n, rows_at_once>(a, from(), b, y + i * cols, rows, cols, q, p + i);
        for (; i < rows; ++i) some_rows_times<n, 1>(a, from(), b, y + i * cols, rows, cols, q, p + i);
    }

    // For columns begin .. end - 1 of four rows, so that q is read and written less often.
    template <std::size_t n>
    TERSE_INLINE static void columns_of_four_times(T const* y, std::size_t rows, std::size_t cols, T const* p, T* q,
                                                   std::size_t begin, std::size_t end) {
        auto j = begin;
        for (; j + lanes <= end; j += lanes) {
            v z[4];
#pragma GCC unroll 8
            for (std::size_t l = 0; l < 4; ++l) {
                __builtin_prefetch(y + (4 + l) * cols + j); // the rows after these
                z[l] = *at(y + l * cols + j);
            }
#pragma GCC unroll 8
            for (std::size_t k = 0; k < n; ++k) {
                v sum = *at(q + k * cols + j);
#pragma GCC unroll 8
                for (std::size_t l = 0; l < 4; ++l) sum += z[l] * p[k * rows + l];
                *at(q + k * cols + j) = sum;
            }
        }
        for (; j < end; ++j)
            for (std::size_t k = 0; k < n; ++k)
                for (std::size_t l = 0; l < 4; ++l) q[k * cols + j] += y[l * cols + j] * p[k * rows + l];
    }
    template <std::size_t n>
    TERSE_INLINE static void columns_times(T const* y, std::size_t rows, std::size_t cols, T const* p, T* q) {
        constexpr std::size_t block = 4096 / sizeof(T); // columns of which q stays in the first cache
        for (std::size_t begin = 0; begin < cols; begin += block) {
            auto const end = std::min(cols, begin + block);
            std::size_t i = 0;
            for (; i + 4 <= rows; i += 4) columns_of_four_times<n>(y + i * cols, rows, cols, p + i, q, begin, end);
            for (; i < rows; ++i)
                for (auto j = begin; j < end; ++j)
                    for (std::size_t k = 0; k < n; ++k) q[k * cols + j] += y[i * cols + j] * p[k * rows + i];
        }
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
