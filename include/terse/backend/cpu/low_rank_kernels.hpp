// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

// Products of a large matrix with a few columns, each written once and compiled for two sets of instructions, with the
// same bits: sixteen lanes whatever the registers, and no multiplication joined to an addition. Inlined by force,
// because a function is compiled for the instructions of the one that it is inlined into.
#define TERSE_INLINE [[gnu::always_inline]] inline

namespace terse {

namespace detail {

/// Eight numbers, added and multiplied one by one.
template <class T>
struct eight {
    using type [[gnu::vector_size(8 * sizeof(T))]] = T;
    using unaligned [[gnu::vector_size(8 * sizeof(T)), gnu::aligned(alignof(T)), gnu::may_alias]] = T;
};
template <class T>
using eight_at = typename eight<T>::unaligned;

template <std::size_t n, class T>
TERSE_INLINE void rows_times(T a, T const* x, T b, T* y, std::size_t rows, std::size_t cols, T const* q, T* p) {
    using v = typename eight<T>::type;
    for (std::size_t i = 0; i < rows; ++i, y += cols) {
        v sum[n][2]{};
        std::size_t j = 0;
        for (; j + 16 <= cols; j += 16) {
            v z[2];
            for (std::size_t h = 0; h < 2; ++h) {
                auto* const at = reinterpret_cast<eight_at<T>*>(y + j + 8 * h);
                z[h] = *at;
                if (x != nullptr) {
                    z[h] = b * z[h] + a * *reinterpret_cast<eight_at<T> const*>(x + j + 8 * h);
                    *at = z[h];
                }
            }
            for (std::size_t k = 0; k < n; ++k)
                for (std::size_t h = 0; h < 2; ++h)
                    sum[k][h] += z[h] * *reinterpret_cast<eight_at<T> const*>(q + k * cols + j + 8 * h);
        }
        for (; j < cols; ++j) {
            if (x != nullptr) y[j] = b * y[j] + a * x[j];
            for (std::size_t k = 0; k < n; ++k) sum[k][j % 16 / 8][j % 8] += y[j] * q[k * cols + j];
        }
        for (std::size_t k = 0; k < n; ++k) {
            v const s = sum[k][0] + sum[k][1];
            p[k * rows + i] = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
        }
        if (x != nullptr) x += cols;
    }
}

template <std::size_t n, class T>
TERSE_INLINE void columns_times(T const* y, std::size_t rows, std::size_t cols, T const* p, T* q) {
    using v = typename eight<T>::type;
    std::size_t i = 0;
    for (; i + 4 <= rows; i += 4, y += 4 * cols) { // four rows, so that q is read and written less often
        std::size_t j = 0;
        for (; j + 8 <= cols; j += 8) {
            v z[4];
            for (std::size_t l = 0; l < 4; ++l) z[l] = *reinterpret_cast<eight_at<T> const*>(y + l * cols + j);
            for (std::size_t k = 0; k < n; ++k) {
                auto* const at = reinterpret_cast<eight_at<T>*>(q + k * cols + j);
                v sum = *at;
                for (std::size_t l = 0; l < 4; ++l) sum += z[l] * p[k * rows + i + l];
                *at = sum;
            }
        }
        for (; j < cols; ++j)
            for (std::size_t k = 0; k < n; ++k)
                for (std::size_t l = 0; l < 4; ++l) q[k * cols + j] += y[l * cols + j] * p[k * rows + i + l];
    }
    for (; i < rows; ++i, y += cols)
        for (std::size_t j = 0; j < cols; ++j)
            for (std::size_t k = 0; k < n; ++k) q[k * cols + j] += y[j] * p[k * rows + i];
}

template <std::size_t n, class T>
TERSE_INLINE void add_outer(T a, T const* p, T const* q, std::size_t rows, std::size_t cols, T* y) {
    using v = typename eight<T>::type;
    for (std::size_t i = 0; i < rows; ++i, y += cols) {
        std::size_t j = 0;
        for (; j + 8 <= cols; j += 8) {
            v sum{};
            for (std::size_t k = 0; k < n; ++k)
                sum += p[k * rows + i] * *reinterpret_cast<eight_at<T> const*>(q + k * cols + j);
            *reinterpret_cast<eight_at<T>*>(y + j) += a * sum;
        }
        for (; j < cols; ++j) {
            T sum = 0;
            for (std::size_t k = 0; k < n; ++k) sum += p[k * rows + i] * q[k * cols + j];
            y[j] += a * sum;
        }
    }
}

} // namespace detail

namespace portable {

template <std::size_t n, class T>
void rows_times(T a, T const* x, T b, T* y, std::size_t rows, std::size_t cols, T const* q, T* p) {
    detail::rows_times<n, T>(a, x, b, y, rows, cols, q, p);
}
template <std::size_t n, class T>
void columns_times(T const* y, std::size_t rows, std::size_t cols, T const* p, T* q) {
    detail::columns_times<n, T>(y, rows, cols, p, q);
}
template <std::size_t n, class T>
void add_outer(T a, T const* p, T const* q, std::size_t rows, std::size_t cols, T* y) {
    detail::add_outer<n, T>(a, p, q, rows, cols, y);
}

} // namespace portable

#if defined(__x86_64__)
#define TERSE_TARGET [[gnu::target("avx2")]]
namespace wide {
#else
#define TERSE_TARGET
namespace wide {
#endif

template <std::size_t n, class T>
TERSE_TARGET void rows_times(T a, T const* x, T b, T* y, std::size_t rows, std::size_t cols, T const* q, T* p) {
    detail::rows_times<n, T>(a, x, b, y, rows, cols, q, p);
}
template <std::size_t n, class T>
TERSE_TARGET void columns_times(T const* y, std::size_t rows, std::size_t cols, T const* p, T* q) {
    detail::columns_times<n, T>(y, rows, cols, p, q);
}
template <std::size_t n, class T>
TERSE_TARGET void add_outer(T a, T const* p, T const* q, std::size_t rows, std::size_t cols, T* y) {
    detail::add_outer<n, T>(a, p, q, rows, cols, y);
}

} // namespace wide

} // namespace terse

#undef TERSE_TARGET
#undef TERSE_INLINE
