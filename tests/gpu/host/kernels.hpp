// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace terse_test {

/// What is left of a selection with feedback.
template <class T>
struct taken {
    std::vector<std::uint64_t> indices;
    std::vector<T> values;
    std::vector<T> e;
    std::vector<T> m; ///< with momentum
    bool finite = true;
};

/// Factors of b e + a v, where v is g or, if there is momentum, comes out of it.
template <class T>
struct factors {
    T a = 1, b = 1;
    T beta = 0;
    bool nesterov = false;
    bool momentum = false;
};

/// The host's take_largest, compiled where Eigen may be.
template <class T>
taken<T> take_on_host(factors<T> by, std::vector<T> g, std::vector<T> m, std::vector<T> e, std::size_t k);

/// What becomes of e, the signs of it, and the sum of its magnitudes.
template <class T>
struct signed_residual {
    std::vector<std::uint64_t> words;
    std::vector<T> e;
    double sum;
};

/// The host's accumulate_signs.
template <class T>
signed_residual<T> signs_on_host(T a, std::vector<T> const& x, T scale, T b, std::vector<T> e);

} // namespace terse_test
