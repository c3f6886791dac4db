// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <terse/problem/quadratic.hpp>

namespace terse {

/// A quadratic and the point from which the experiment starts.
template <class T>
struct toy {
    quadratic<T> problem;
    std::vector<T> start;
};

/// Two workers in the plane that pull apart: A_1 = diag(1, 3), a_1 = (200, -100), A_2 = diag(2, 1), a_2 = (-100, 300).
/// The optimum is (0, 0), the start (10, 10) lies at distance 14.1421.
template <class T = double>
toy<T> toy_2() {
    return {quadratic<T>({{.matrix = {}, .diagonal = {1, 3}, .center = {200, -100}},
                          {.matrix = {}, .diagonal = {2, 1}, .center = {-100, 300}}}),
            {10, 10}};
}

/// Two workers in d >= 1 dimensions: A_1 = diag(1 .. 5), A_2 = diag(4 .. 2), both evenly spaced, a_1 = (10, .., 10),
/// a_2 = -a_1. The start (20, .., 20) lies at distance 91.8965 from the optimum for d = 20, 205.057 for d = 100.
template <class T = double>
toy<T> toy_20(std::size_t d = 20) {
    quadratic_term<T> rising{.matrix = {}, .diagonal = {}, .center = std::vector<T>(d, T(10))};
    quadratic_term<T> falling{.matrix = {}, .diagonal = {}, .center = std::vector<T>(d, T(-10))};
    for (std::size_t i = 0; i < d; ++i) {
        T const step = d > 1 ? static_cast<T>(i) / static_cast<T>(d - 1) : T(0);
        rising.diagonal.push_back(1 + 4 * step);
        falling.diagonal.push_back(4 - 2 * step);
    }
    return {quadratic<T>({std::move(rising), std::move(falling)}), std::vector<T>(d, T(20))};
}

} // namespace terse
