// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

#include <terse/problem/cross_entropy.hpp>

#include "problem/finite_difference.hpp"

BOOST_AUTO_TEST_SUITE(cross_entropy_tests)

using logits = std::span<double const>;

BOOST_AUTO_TEST_CASE(value_and_slope_match_the_formula) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        auto const z = checks::random_vector<double>(seed, 5, 2);
        double total = 0;
        for (double const v : z) total += std::exp(v);
        for (std::uint32_t label = 0; label < 5; ++label) {
            BOOST_TEST(std::abs(terse::cross_entropy(logits(z), label) + std::log(std::exp(z[label]) / total)) < 1e-14);
            std::vector<double> slope(5);
            terse::cross_entropy_slope(logits(z), label, 0.5, std::span<double>(slope));
            for (std::size_t c = 0; c < 5; ++c)
                BOOST_TEST(std::abs(slope[c] - 0.5 * (std::exp(z[c]) / total - (c == label ? 1 : 0))) < 1e-15);
        }
    }
}

BOOST_AUTO_TEST_CASE(logits_of_any_size_do_not_overflow) {
    std::vector<double> const far{1e300, -1e300}, equal(4, 1e300);
    BOOST_TEST(terse::cross_entropy(logits(far), 0) == 0.0);
    BOOST_TEST(terse::cross_entropy(logits(far), 1) == 2e300);
    BOOST_TEST(terse::cross_entropy(logits(equal), 2) == std::log(4.0)); // not lost beside 1e300
    std::vector<double> slope(2);
    terse::cross_entropy_slope(logits(far), 1, 1.0, std::span<double>(slope));
    BOOST_TEST(slope == (std::vector<double>{1, -1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_equal_logits_the_lowest_class_is_predicted) {
    BOOST_TEST(terse::predicted_class(logits(std::vector<double>{1, 3, 3, 2})) == 1u);
    BOOST_TEST(terse::predicted_class(logits(std::vector<double>{0})) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
