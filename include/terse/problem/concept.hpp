// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <terse/error.hpp>

namespace terse {

/// An objective F on T^d: its dimension d, its value, and its gradient, written to all d numbers of g. All three are
/// const and may be called by several threads at once; x and g must not overlap. Wrong sizes are a dimension_error.
template <class P, class T>
concept Problem = requires(P const p, std::span<T const> x, std::span<T> g) {
    { p.dimension() } -> std::convertible_to<std::size_t>;
    { p.value(x) } -> std::convertible_to<double>;
    p.gradient(x, g);
};

/// F is the mean of one objective F_k per worker, and a worker has its exact gradient: quadratic.
template <class P, class T>
concept WorkerProblem = Problem<P, T> &&
    requires(P const p, std::uint32_t worker, std::span<T const> x, std::span<T> g) {
    { p.workers() } -> std::convertible_to<std::size_t>;
    p.gradient(worker, x, g);
};

/// F is a mean over the rows of a dataset plus a regulariser; the gradient over some rows (their mean, plus the
/// regulariser's) uses a workspace that each thread owns: logistic, softmax, mlp.
template <class P, class T>
concept DataProblem = Problem<P, T> && std::default_initializable<typename P::workspace> &&
    requires(P const p, std::span<T const> x, std::span<std::uint32_t const> rows, std::span<T> g,
             typename P::workspace& scratch) {
    p.gradient(x, rows, g, scratch);
    { p.accuracy(x) } -> std::convertible_to<double>;
};

/// Knows its minimiser.
template <class P, class T>
concept HasOptimum = Problem<P, T> && requires(P const p) {
    { p.optimum() } -> std::convertible_to<std::vector<T>>;
};

/// Knows L with |grad F(x) - grad F(y)| <= L |x - y|.
template <class P, class T>
concept HasSmoothness = Problem<P, T> && requires(P const p) {
    { p.smoothness() } -> std::convertible_to<double>;
};

/// Throws dimension_error unless `size` numbers were given where `expected` belong.
inline void require_size(char const* what, std::size_t size, std::size_t expected) {
    if (size != expected)
        throw dimension_error(std::string(what) + " has " + std::to_string(size) + " numbers, not " +
                              std::to_string(expected));
}

} // namespace terse
