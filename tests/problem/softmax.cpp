// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

#include <terse/problem/logistic.hpp>
#include <terse/problem/softmax.hpp>

#include "problem/finite_difference.hpp"

BOOST_AUTO_TEST_SUITE(softmax_tests)

using terse::softmax;

BOOST_AUTO_TEST_CASE(gradient_is_the_slope_of_value) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed)
        for (bool const sparse : {false, true}) {
            softmax<double> const p(checks::random_data<double>(seed, 17, 6, 4, sparse), 0.2);
            checks::gradient_is_the_slope_of_value(p, checks::random_vector<double>(seed, p.dimension()), 1e-8);
        }
}

BOOST_AUTO_TEST_CASE(gradient_matches_the_formula) {
    auto const data = checks::random_data<double>(9, 12, 5, 3, false);
    softmax<double> const p(data, 0.1);
    BOOST_TEST(p.dimension() == 3u * 5 + 3);
    BOOST_TEST(p.layout().offset("layer0.bias") == 15u);
    auto const x = checks::random_vector<double>(9, 18);
    std::vector<std::uint32_t> const rows{0, 5, 11};
    std::vector<double> g(18), expected(18);
    p.gradient(x, rows, g);
    for (auto const i : rows) {
        double z[3], total = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            z[c] = x[15 + c];
            for (std::size_t j = 0; j < 5; ++j) z[c] += x[5 * c + j] * data.row(i).values[j];
            total += std::exp(z[c]);
        }
        for (std::size_t c = 0; c < 3; ++c) {
            double const r = (std::exp(z[c]) / total - (data.label(i) == c ? 1 : 0)) / 3;
            for (std::size_t j = 0; j < 5; ++j) expected[5 * c + j] += r * data.row(i).values[j];
            expected[15 + c] += r;
        }
    }
    for (std::size_t j = 0; j < 18; ++j) BOOST_TEST(std::abs(g[j] - expected[j] - 0.1 * x[j]) < 1e-14);
}

// Two classes with W = (-v, v) / 2 and no bias are logistic regression with v.
BOOST_AUTO_TEST_CASE(two_classes_are_logistic_regression) {
    auto const data = checks::random_data<double>(4, 25, 6, 2, true);
    softmax<double> const p(data);
    terse::logistic<double> const q(data);
    auto const v = checks::random_vector<double>(4, 6);
    std::vector<double> x(14), g(14), gv(6);
    for (std::size_t j = 0; j < 6; ++j) {
        x[j] = -v[j] / 2;
        x[6 + j] = v[j] / 2;
    }
    BOOST_TEST(std::abs(p.value(x) - q.value(v)) < 1e-14);
    BOOST_TEST(p.accuracy(x) == q.accuracy(v));
    p.gradient(x, g);
    q.gradient(v, gv);
    for (std::size_t j = 0; j < 6; ++j) BOOST_TEST(std::abs(g[6 + j] - gv[j]) < 1e-14);
}

BOOST_AUTO_TEST_CASE(the_smoothness_bound_holds) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        softmax<double> const p(checks::random_data<double>(seed, 3, 4, 3, false), 0.05);
        auto const x = checks::random_vector<double>(seed, 15, 0.1),
                   y = checks::random_vector<double>(seed + 100, 15, 0.1);
        std::vector<double> gx(15), gy(15);
        p.gradient(x, gx);
        p.gradient(y, gy);
        double dg = 0, dx = 0;
        for (std::size_t j = 0; j < 15; ++j) {
            dg += (gx[j] - gy[j]) * (gx[j] - gy[j]);
            dx += (x[j] - y[j]) * (x[j] - y[j]);
        }
        BOOST_TEST(std::sqrt(dg) <= p.smoothness() * std::sqrt(dx));
    }
    // two classes with equal logits are the worst case: the curvature along (1, -1) is exactly |(a, 1)|^2 / 2
    std::vector<std::int64_t> const label{0};
    softmax<double> const p(terse::dataset<double>::dense(1, {3}, label, {0, 1}));
    BOOST_TEST(p.smoothness() == 5.0);
    double const h = 1e-4;
    std::vector<double> const x{3 * h, -3 * h, h, -h};
    std::vector<double> g0(4), g1(4);
    p.gradient(std::vector<double>(4), g0);
    p.gradient(x, g1);
    BOOST_TEST(std::abs((g1[2] - g0[2]) / h - 5.0) < 1e-5);
}

BOOST_AUTO_TEST_SUITE_END()
