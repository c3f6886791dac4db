// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include <terse/run/number_text.hpp>

BOOST_AUTO_TEST_SUITE(number_text_tests)

BOOST_AUTO_TEST_CASE(digits_are_the_fewest_that_round_trip) {
    BOOST_TEST(terse::number_text(0.1) == "0.1");
    BOOST_TEST(terse::number_text(0.1f) == "0.1");
    BOOST_TEST(terse::number_text(-0.0) == "-0");
    BOOST_TEST(terse::number_text(1e300) == "1e+300");
    BOOST_TEST(terse::number_text(std::uint64_t{18446744073709551615u}) == "18446744073709551615");
    for (double const x : {1.0 / 3, 2e-310, std::numeric_limits<double>::max(), 9007199254740993.0})
        BOOST_TEST(std::strtod(terse::number_text(x).c_str(), nullptr) == x);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_has_a_name) {
    BOOST_TEST(terse::number_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
    BOOST_TEST(terse::number_text(-std::numeric_limits<float>::infinity()) == "-inf");
}

BOOST_AUTO_TEST_SUITE_END()
