// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

#include <terse/problem/toy.hpp>

BOOST_AUTO_TEST_SUITE(toy_tests)

template <class T>
double distance(std::vector<T> const& a, std::vector<T> const& b) {
    double s = 0;
    for (std::size_t i = 0; i < a.size(); ++i) s += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    return std::sqrt(s);
}

BOOST_AUTO_TEST_CASE(the_small_case_pulls_apart_around_the_origin) {
    auto const t = terse::toy_2();
    BOOST_TEST(t.problem.optimum() == (std::vector<double>{0, 0}), boost::test_tools::per_element());
    BOOST_TEST(std::abs(distance(t.start, t.problem.optimum()) - 14.1421) < 5e-5);
    std::vector<double> g(2), one(2), two(2), zero(2);
    t.problem.gradient(zero, g);
    t.problem.gradient(0u, zero, one);
    t.problem.gradient(1u, zero, two);
    BOOST_TEST(g == zero, boost::test_tools::per_element());
    BOOST_TEST(one == (std::vector<double>{-200, 300}), boost::test_tools::per_element());
    BOOST_TEST(two == (std::vector<double>{200, -300}), boost::test_tools::per_element());
    BOOST_TEST(t.problem.smoothness() == 2.0);
}

BOOST_AUTO_TEST_CASE(the_larger_case_starts_where_documented) {
    auto const a = terse::toy_20();
    BOOST_TEST(a.problem.dimension() == 20u);
    BOOST_TEST(std::abs(distance(a.start, a.problem.optimum()) - 91.8965) < 5e-5);
    auto const b = terse::toy_20(100);
    BOOST_TEST(std::abs(distance(b.start, b.problem.optimum()) - 205.057) < 5e-4);
    auto const f = terse::toy_20<float>();
    BOOST_TEST(std::abs(distance(f.start, f.problem.optimum()) - 91.8965) < 1e-3);
    auto const single = terse::toy_20(1);
    BOOST_TEST(std::abs(single.problem.optimum()[0] + 6) < 1e-15); // (1 * 10 - 4 * 10) / 5
    BOOST_CHECK_THROW(terse::toy_20(0), terse::dimension_error);
}

// Momentum SGD written out: the published distances of the uncompressed method on the small case.
BOOST_AUTO_TEST_CASE(plain_momentum_meets_its_table) {
    auto const t = terse::toy_2();
    std::vector<double> const optimum = t.problem.optimum();
    auto w = t.start;
    std::vector<double> m(2), g(2);
    for (int step = 0; step <= 200; ++step) {
        double const d = distance(w, optimum);
        if (step == 10) BOOST_TEST(std::abs(d - 9.42892) < 5e-6);
        if (step == 50) BOOST_TEST(std::abs(d - 1.03805) < 5e-6);
        if (step == 100) BOOST_TEST(std::abs(d - 0.0654172) < 5e-8);
        if (step == 200) BOOST_TEST(std::abs(d - 1.344e-4) < 5e-8);
        t.problem.gradient(w, g);
        for (std::size_t i = 0; i < 2; ++i) {
            m[i] = 0.9 * m[i] + g[i];
            w[i] -= 0.005 * m[i];
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
