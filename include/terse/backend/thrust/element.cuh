// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <thrust/functional.h> // brings __host__ and __device__ to other compilers than nvcc

#include <terse/backend/view.hpp>

/// What the verbs do to single numbers, for host and device. The order of the operations is that of the host's verbs.
namespace terse::element {

template <class T>
struct times {
    T a;
    __host__ __device__ T operator()(T y) const { return a * y; }
};
template <class T>
struct plus_times {
    T a;
    __host__ __device__ T operator()(T y, T x) const { return y + a * x; }
};
template <class T>
struct weighted_sum {
    T a;
    T b;
    __host__ __device__ T operator()(T x, T y) const { return b * y + a * x; }
};

struct same {
    __host__ __device__ double operator()(double x) const { return x; }
};
struct absolute {
    __host__ __device__ double operator()(double x) const { return x < 0 ? -x : x; }
};
struct square {
    __host__ __device__ double operator()(double x) const { return x * x; }
};

/// The signs of x_{64 w}, .., x_{64 w + 63} as bits, 1 where x_i >= 0.
template <class T>
struct sign_word {
    T const* x;
    std::size_t n;

    __host__ __device__ std::uint64_t operator()(std::size_t w) const {
        auto const begin = 64 * w;
        auto const count = n - begin < 64 ? n - begin : 64;
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < count; ++i) word |= static_cast<std::uint64_t>(x[begin + i] >= 0) << i;
        return word;
    }
};
/// y_i + a where bit i is 1, otherwise y_i - a.
template <class T>
struct plus_sign {
    T a;
    std::uint64_t const* words;
    __host__ __device__ T operator()(T y, std::size_t i) const {
        return y + ((words[i >> 6] >> (i & 63) & 1) != 0 ? a : -a);
    }
};

/// y less its scaled sign, where the sign of zero is +.
template <class T>
struct less_scaled_sign {
    T scale;
    __host__ __device__ T operator()(T y) const { return y + (y >= 0 ? -scale : scale); }
};

/// Bytes of the j-th gap between ascending indices as a variable-length integer of 7 bits a byte.
struct gap_bytes {
    index_t const* indices;
    __host__ __device__ std::uint64_t operator()(std::size_t j) const {
        auto gap = j == 0 ? indices[0] : indices[j] - indices[j - 1] - 1;
        std::uint64_t bytes = 1;
        while ((gap >>= 7) != 0) ++bytes;
        return bytes;
    }
};

} // namespace terse::element
