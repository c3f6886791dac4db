// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <terse/data/dataset.hpp>
#include <terse/random.hpp>

namespace checks {

/// Normal numbers times `scale`.
template <class T>
std::vector<T> random_vector(std::uint64_t seed, std::size_t n, double scale = 1) {
    terse::random_stream const random(seed, terse::purpose::user);
    std::vector<T> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(scale * random.normal(i));
    return x;
}

/// Compares p.gradient(x, g) with central differences of p.value.
template <class P>
void gradient_is_the_slope_of_value(P const& p, std::vector<double> x, double tolerance) {
    std::vector<double> g(p.dimension());
    p.gradient(x, g);
    double largest = 1;
    for (double const v : g) largest = std::max(largest, std::abs(v));
    for (std::size_t i = 0; i < x.size(); ++i) {
        double const at = x[i], h = 1e-5 * std::max(1.0, std::abs(at));
        x[i] = at + h;
        double const above = p.value(x);
        x[i] = at - h;
        double const below = p.value(x);
        x[i] = at;
        double const slope = (above - below) / (2 * h);
        BOOST_TEST(std::abs(slope - g[i]) <= tolerance * largest,
                   "coordinate " << i << ": gradient " << g[i] << ", difference quotient " << slope);
    }
}

/// Random features, dense or with about two thirds of them missing, and random labels among `classes` >= 2.
template <class T>
terse::dataset<T> random_data(std::uint64_t seed, std::size_t rows, std::size_t features, std::size_t classes,
                              bool sparse) {
    terse::random_stream const random(seed, terse::purpose::user, 1), coin(seed, terse::purpose::user, 2);
    std::vector<std::int64_t> labels(rows), all(classes);
    for (std::size_t c = 0; c < classes; ++c) all[c] = static_cast<std::int64_t>(c);
    std::vector<T> values;
    std::vector<std::size_t> offsets{0};
    std::vector<std::uint32_t> columns;
    for (std::size_t i = 0; i < rows; ++i) {
        labels[i] = static_cast<std::int64_t>(coin.below(i, classes));
        for (std::size_t j = 0; j < features; ++j) {
            if (sparse && random.uniform(1'000'000 + i * features + j) > 0.33) continue;
            values.push_back(static_cast<T>(random.normal(i * features + j)));
            columns.push_back(static_cast<std::uint32_t>(j));
        }
        offsets.push_back(values.size());
    }
    if (!sparse) return terse::dataset<T>::dense(features, values, labels, all);
    return terse::dataset<T>::sparse(features, offsets, columns, values, labels, all);
}

/// The same rows with their zeros written out.
template <class T>
terse::dataset<T> as_dense(terse::dataset<T> const& data) {
    std::vector<T> values(data.rows() * data.features());
    std::vector<std::int64_t> labels;
    for (std::size_t i = 0; i < data.rows(); ++i) {
        data.row(i).copy_to(std::span<T>(values).subspan(i * data.features(), data.features()));
        labels.push_back(data.classes()[data.label(i)]);
    }
    return terse::dataset<T>::dense(data.features(), values, labels, data.classes());
}

} // namespace checks
