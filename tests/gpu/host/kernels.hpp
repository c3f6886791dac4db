// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/backend/level_grid.hpp>
#include <terse/backend/sketch_plan.hpp>
#include <terse/random.hpp>

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

/// Factors of b e + a v, where v is g or, if there is momentum, comes out of it. If something is added before, it is
/// beta m, to e.
template <class T>
struct factors {
    T a = 1, b = 1;
    T beta = 0;
    bool nesterov = false;
    bool momentum = false;
    bool adds_before = false;
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

/// The host's sum_signs of terms +-a_k, by the bits of words_k, times c; in a vector that had been full of rubbish.
template <class T>
std::vector<T> sum_of_signs_on_host(std::vector<T> const& a, std::vector<std::vector<std::uint64_t>> const& words, T c,
                                    std::size_t d);

/// What becomes of e, its levels, and the first coordinate that is not finite.
template <class T>
struct quantized_residual {
    std::vector<T> units;
    std::vector<std::uint64_t> words;
    std::vector<T> e;
    std::uint64_t bad;
};

/// The host's take_quantized.
template <class T>
quantized_residual<T> quantized_on_host(T a, std::vector<T> const& g, T b, std::vector<T> e,
                                        terse::level_grid const& grid, terse::random_stream const& random);

/// What becomes of y, and its sketch.
template <class T>
struct sketched {
    std::vector<T> y;
    std::vector<T> table;
};

/// The host's accumulate_sketch; x may be empty.
template <class T>
sketched<T> sketch_on_host(T a, std::vector<T> const& x, T b, std::vector<T> y, terse::sketch_plan const& plan);

} // namespace terse_test
