// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <terse/portable_math.hpp>
#include <terse/random.hpp>

BOOST_AUTO_TEST_SUITE(portable_math)

BOOST_AUTO_TEST_CASE(is_as_exact_as_it_says) {
    terse::random_stream const random(1, terse::purpose::user);
    double worst_log = 0, worst_exp = 0;
    for (std::uint64_t i = 0; i < 200'000; ++i) {
        double const u = 1 - random.uniform(3 * i),
                     x = std::ldexp(u, static_cast<int>(random.below(3 * i + 1, 1800)) - 900);
        for (double const y : {u, x}) // an absolute error below 1e-15 near 1, where the logarithm is small
            worst_log = std::max(worst_log, std::abs(terse::portable::log(y) - std::log(y)) /
                                                std::max(1.0, std::abs(std::log(y))));
        double const e = 1400 * random.uniform(3 * i + 2) - 700;
        worst_exp =
            std::max(worst_exp, std::abs(terse::portable::exp(e) / std::exp(e) - 1) / std::max(1.0, std::abs(e)));
        double const small = 2 * random.uniform(3 * i + 2) - 1;
        worst_exp = std::max(worst_exp, std::abs(terse::portable::exp(small) / std::exp(small) - 1));
    }
    BOOST_TEST(worst_log < 1e-15);
    BOOST_TEST(worst_exp < 1e-15);
}

BOOST_AUTO_TEST_CASE(ends) {
    BOOST_TEST(terse::portable::log(1) == 0);
    BOOST_TEST(terse::portable::exp(0) == 1);
    BOOST_TEST(terse::portable::exp(-1000) == 0);
    BOOST_TEST(terse::portable::exp(1000) == std::numeric_limits<double>::infinity());
    BOOST_TEST(std::isnormal(terse::portable::exp(-708)));
    BOOST_TEST(std::isfinite(terse::portable::exp(709)));
    BOOST_TEST(std::abs(terse::portable::log(0x1p-53) + 53 * std::log(2.0)) < 1e-13);
    BOOST_TEST(std::abs(terse::portable::log(std::numeric_limits<double>::max()) - 709.782712893384) < 1e-12);
}

// What every compiler and C library must give.
BOOST_AUTO_TEST_CASE(has_fixed_bits) {
    constexpr auto log = terse::portable::log(0.1), exp = terse::portable::exp(-2.5);
    BOOST_TEST(std::bit_cast<std::uint64_t>(terse::portable::log(0.1)) == std::bit_cast<std::uint64_t>(log));
    BOOST_TEST(std::bit_cast<std::uint64_t>(terse::portable::exp(-2.5)) == std::bit_cast<std::uint64_t>(exp));
    std::uint64_t all = 0;
    for (int i = 1; i < 10'000; ++i)
        for (double const y : {terse::portable::log(i * 0.37), terse::portable::exp((i - 5000) * 0.01)})
            all = all * 31 + std::bit_cast<std::uint64_t>(y);
    BOOST_TEST(all == 14879363167333909422u);
}

BOOST_AUTO_TEST_SUITE_END()
