// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <cmath>
#include <limits>

#include <terse/compressor/natural.hpp>

BOOST_AUTO_TEST_SUITE(natural_tests)

using namespace terse;

BOOST_AUTO_TEST_CASE_TEMPLATE(powers_of_two_stay, T, checks::scalars) {
    using limits = std::numeric_limits<T>;
    std::vector<T> const v{1, -2, T(0.5), 0, limits::min(), -limits::max() / 2 - limits::max() / 4};
    for (std::uint64_t round = 0; round < 50; ++round) {
        auto const t = checks::compressed(natural{}, v, round);
        for (std::size_t i = 0; i < 5; ++i) BOOST_TEST(t.decoded[i] == v[i]);
        BOOST_TEST(t.decoded[5] == -std::ldexp(T(1), limits::max_exponent - 1)); // nothing is above it
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(others_go_to_a_neighbour, T, checks::scalars) {
    auto const v = testing::normal_vector<T>(1000, 4);
    auto const t = checks::compressed(natural{}, v);
    for (std::size_t i = 0; i < v.size(); ++i) {
        T const low = std::exp2(std::floor(std::log2(std::fabs(v[i]))));
        auto const x = std::fabs(t.decoded[i]);
        BOOST_TEST((x == low || x == 2 * low));
        BOOST_TEST(std::signbit(t.decoded[i]) == std::signbit(v[i]));
    }
}

// omega = 1/8 at 4/3, where up has the probability 1/3.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_worst_case_is_attained, T, checks::scalars) {
    std::vector<T> const v(64, T(4) / 3);
    testing::average lost;
    for (std::uint64_t round = 0; round < 4000; ++round)
        lost.add(checks::squared_distance(checks::compressed(natural{}, v, round).decoded, v) / checks::squared(v));
    BOOST_TEST(std::fabs(lost.mean() - 0.125) < 5 * lost.error());
}

BOOST_AUTO_TEST_CASE(nine_or_twelve_bits_travel) {
    BOOST_TEST(checks::compressed(natural{}, std::vector<float>(1001, 3)).out.bytes() == 32 + (1001 * 9 + 7) / 8);
    BOOST_TEST(checks::compressed(natural{}, std::vector<double>(1001, 3)).out.bytes() == 32 + (1001 * 12 + 7) / 8);
}

BOOST_AUTO_TEST_SUITE_END()
