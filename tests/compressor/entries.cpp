// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstddef>

#include <terse/compressor/entries.hpp>

BOOST_AUTO_TEST_SUITE(entries_tests)

using namespace terse;

BOOST_AUTO_TEST_CASE(a_count_counts_and_a_ratio_is_rounded) {
    BOOST_TEST(entries(0.5, 3, 100, 0) == 3u);
    BOOST_TEST(entries(0.5, 0, 100, 0) == 50u);
    BOOST_TEST(entries(0.5, 0, 3, 0) == 2u); // half goes up
    BOOST_TEST(entries(0.1, 0, 4, 0) == 1u); // never none
    BOOST_TEST(entries(1, 0, 7, 0) == 7u);
    BOOST_TEST(entries(1, 0, 1, 0) == 1u);
}

BOOST_AUTO_TEST_CASE(dimensions_above_32_bits_are_counted_in_64) {
    std::size_t const d = std::size_t{1} << 40;
    BOOST_TEST(entries(0.25, 0, d, 0) == d / 4);
    BOOST_TEST(entries(1, 0, d, 0) == d);
    BOOST_CHECK_NO_THROW(validate_entries("who", 0.5, d, d));
    BOOST_CHECK_THROW(validate_entries("who", 0.5, d + 1, d), configuration_error);
}

BOOST_AUTO_TEST_CASE(the_ratio_is_that_of_the_round) {
    auto const ramp = schedule::dgc_ramp(0.001, 4, 10);
    BOOST_TEST(entries(ramp, 0, 1000000, 0) == 251189u);
    BOOST_TEST(entries(ramp, 0, 1000000, 9) == 251189u);
    BOOST_TEST(entries(ramp, 0, 1000000, 10) == 63096u);
    BOOST_TEST(entries(ramp, 0, 1000000, 40) == 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
