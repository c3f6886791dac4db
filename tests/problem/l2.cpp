// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <limits>
#include <vector>

#include <terse/problem/l2.hpp>

BOOST_AUTO_TEST_SUITE(l2_tests)

BOOST_AUTO_TEST_CASE(value_and_gradient_are_those_of_half_the_square) {
    std::vector<float> const x{3, -4};
    std::vector<float> g(2);
    terse::l2_penalty const p(0.5);
    BOOST_TEST(p.value<float>(x) == 6.25);
    p.gradient<float>(x, g);
    BOOST_TEST(g == (std::vector<float>{1.5f, -2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_weight_nothing_overflows) {
    double const inf = std::numeric_limits<double>::infinity();
    std::vector<double> const x{1e300, inf};
    std::vector<double> g(2, 7);
    terse::l2_penalty const p(0);
    BOOST_TEST(p.value<double>(x) == 0.0);
    p.gradient<double>(x, g);
    BOOST_TEST(g == std::vector<double>(2), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_weight_out_of_range_is_refused) {
    for (double const w : {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(terse::l2_penalty{w}, terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
