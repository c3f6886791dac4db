// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/tabulate.h>
#include <thrust/transform.h>

#include <terse/backend/buffer.hpp>
#include <terse/backend/gram_schmidt.hpp>
#include <terse/backend/low_rank_term.hpp>
#include <terse/backend/matrix_shape.hpp>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>

namespace terse {

struct thrust_device;

/// Products of a matrix with up to four columns at a time, by the operations of cpu/low_rank_kernels.hpp in their
/// order.
namespace element {

inline constexpr std::size_t product_lanes = 16;

/// y_ij + a p_i q_j', four columns at a time.
template <class T>
struct plus_outer {
    T a;
    T const* p;
    T const* q;
    matrix_shape s;

    __host__ __device__ T operator()(T y, std::size_t i, std::size_t j) const {
        for (std::size_t first = 0; first < s.rank; first += 4) {
            T sum = 0;
            for (auto k = first; k < s.rank && k < first + 4; ++k) sum += p[k * s.rows + i] * q[k * s.cols + j];
            y += a * sum;
        }
        return y;
    }
    __host__ __device__ T operator()(T y, std::size_t number) const {
        return (*this)(y, number / s.cols, number % s.cols);
    }
};

/// One lane of the products of a row with n columns of q: of columns lane, lane + 16, .. of the matrix, which becomes
/// b Y + a X on the way if there is an x, which loses a term if that is there. Neighbouring threads read neighbouring
/// numbers.
template <class T>
struct row_lane_times {
    T a;
    T const* x; ///< from the first row on, as y; or null
    plus_outer<T> less;
    std::size_t first; ///< row
    T b;
    T* y;
    std::size_t cols;
    T const* q;
    std::size_t n;
    T* sums; ///< of every row n lanes of sixteen

    __host__ __device__ void operator()(std::size_t number) const {
        auto const row = number / product_lanes, lane = number % product_lanes;
        T sum[4]{};
        for (auto j = lane; j < cols; j += product_lanes) {
            auto const at = row * cols + j;
            auto z = y[at];
            if (x != nullptr) {
                auto const added = less.p == nullptr ? x[at] : less(x[at], first + row, j);
                y[at] = z = b * z + a * added;
            }
            for (std::size_t k = 0; k < 4; ++k)
                if (k < n) sum[k] += z * q[k * cols + j];
        }
        for (std::size_t k = 0; k < 4; ++k)
            if (k < n) sums[(row * n + k) * product_lanes + lane] = sum[k];
    }
};

/// p(row, k), number row n + k: the lanes are added up as a tree.
template <class T>
struct sum_of_lanes {
    T const* sums;
    std::size_t n;
    std::size_t rows; ///< of p
    T* p;

    __host__ __device__ void operator()(std::size_t number) const {
        auto const* const lane = sums + number * product_lanes;
        T left[8];
        for (std::size_t l = 0; l < 8; ++l) left[l] = lane[l] + lane[l + 8];
        for (std::size_t width = 4; width > 0; width /= 2)
            for (std::size_t l = 0; l < width; ++l) left[l] += left[l + width];
        p[number % n * rows + number / n] = left[0];
    }
};

/// q(j, k) for n columns of p, added up from the first row to the last.
template <class T>
struct column_times {
    T const* y;
    std::size_t rows, cols;
    T const* p;
    std::size_t n;
    T* q;

    __host__ __device__ void operator()(std::size_t j) const {
        T sum[4]{};
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t k = 0; k < 4; ++k)
                if (k < n) sum[k] += y[i * cols + j] * p[k * rows + i];
        for (std::size_t k = 0; k < 4; ++k)
            if (k < n) q[k * cols + j] = sum[k];
    }
};

} // namespace element

/// y <- b y + a (x - less) and p = Y q, where Y is the matrix in y; there may be no term, and no x, for nothing. A row
/// has sixteen threads; their sums lie in memory of rows_at_once rows, which is kept for the whole product alone.
template <class T>
void accumulate_product(T a, view<thrust_device, T const> x, low_rank_term<thrust_device, T> less, T b,
                        view<thrust_device, T> y, matrix_shape s, view<thrust_device, T const> q,
                        view<thrust_device, T> p, std::size_t rows_at_once = std::size_t{1} << 18) {
    constexpr auto lanes = element::product_lanes;
    thrust::counting_iterator<std::size_t> const number(0);
    element::plus_outer<T> const term{T(-1), less.left.data(), less.right.data(), s};
    buffer<thrust_device, T> sums(std::min(s.rows, rows_at_once) * std::min<std::size_t>(s.rank, 4) * lanes);
    for (std::size_t k = 0; k < s.rank; k += 4)
        for (std::size_t first = 0; first < s.rows; first += rows_at_once) {
            auto const n = std::min<std::size_t>(4, s.rank - k), rows = std::min(rows_at_once, s.rows - first);
            auto const* const from = x.empty() || k != 0 ? nullptr : x.data() + first * s.cols;
            thrust::for_each_n(device_policy(), number, rows * lanes,
                               element::row_lane_times<T>{a, from, term, first, b, y.data() + first * s.cols, s.cols,
                                                          q.data() + k * s.cols, n, sums.data()});
            thrust::for_each_n(device_policy(), number, rows * n,
                               element::sum_of_lanes<T>{sums.data(), n, s.rows, p.data() + k * s.rows + first});
        }
}

/// q = Y' p. A column of the matrix has one thread, which goes through all rows: matrices with many columns are fast.
template <class T>
void transposed_product(view<thrust_device, T const> y, matrix_shape s, view<thrust_device, T const> p,
                        view<thrust_device, T> q) {
    for (std::size_t k = 0; k < s.rank; k += 4)
        thrust::for_each_n(device_policy(), thrust::counting_iterator<std::size_t>(0), s.cols,
                           element::column_times<T>{y.data(), s.rows, s.cols, p.data() + k * s.rows,
                                                    std::min<std::size_t>(4, s.rank - k), q.data() + k * s.cols});
}

/// Y <- Y + a p q'
template <class T>
void add_outer_product(T a, view<thrust_device, T const> p, view<thrust_device, T const> q, matrix_shape s,
                       view<thrust_device, T> y) {
    thrust::transform(device_policy(), y.data(), y.data() + y.size(), thrust::counting_iterator<std::size_t>(0),
                      y.data(), element::plus_outer<T>{a, p.data(), q.data(), s});
}

/// Gram-Schmidt on the columns of p, on the host: a factor is small, and most of the algorithm are single numbers that
/// the next step needs.
template <class T>
void orthonormalise(view<thrust_device, T> p, std::size_t rows, std::size_t rank) {
    std::vector<T> host(rows * rank);
    copy_to_host<T>(p.data(), host.size(), host.data());
    terse::orthonormalise<T>(view<cpu, T>(host.data(), host.size()), rows, rank);
    copy_to_device<T>(host.data(), host.size(), p.data());
}

} // namespace terse
