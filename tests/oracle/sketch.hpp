// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include <terse/compressor/count_sketch.hpp>

#include "oracle/random_run.hpp"

namespace oracle {

/// A small table, with many collisions.
inline terse::count_sketch random_table(random_run const& run) {
    bool const blocks = uniform({run.seed, 41}) < 0.5;
    return {.rows = 1 + 2 * between(0, 3, uniform({run.seed, 42})),
            .columns = blocks ? 16 * between(1, 4, uniform({run.seed, 43})) : between(1, 40, uniform({run.seed, 43})),
            .hashing = blocks ? terse::sketch_hashing::blocks : terse::sketch_hashing::classic};
}

/// A count sketch as it is defined; only where the library's hashes point is taken from it.
struct plain_sketch {
    terse::count_sketch c;
    std::size_t dimension;
    terse::sketch_plan places;

    plain_sketch(random_run const& run, terse::count_sketch const& of)
        : c(of), dimension(run.dimension), places(of.plan(run.seed)) {}

    std::size_t size() const { return c.rows * c.columns; }
    void add(double a, numbers const& v, numbers& table) const {
        for (std::size_t row = 0; row < c.rows; ++row)
            for (std::size_t i = 0; i < dimension; ++i)
                table[places(row, i).at] += (places(row, i).negative ? -a : a) * v[i];
    }
    numbers estimate(numbers const& table) const {
        numbers y(dimension);
        for (std::size_t i = 0; i < dimension; ++i) {
            numbers found;
            for (std::size_t row = 0; row < c.rows; ++row)
                found.push_back((places(row, i).negative ? -1 : 1) * table[places(row, i).at]);
            std::sort(found.begin(), found.end());
            y[i] = found[found.size() / 2];
        }
        return y;
    }
};

/// The n coordinates of largest |x_i|; ties to the lowest.
inline std::vector<std::size_t> heaviest(numbers const& x, std::size_t n) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::fabs(x[a]) > std::fabs(x[b]); });
    order.resize(n);
    return order;
}

} // namespace oracle
