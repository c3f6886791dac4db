// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <cmath>
#include <vector>

#include <terse/compressor/dynamic_quantizer.hpp>
#include <terse/error.hpp>

BOOST_AUTO_TEST_SUITE(dynamic_quantizer_tests)

using namespace terse;

// That of QSGD with as many levels as the norm asks for.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_variance_is_that_of_its_levels, T, checks::scalars) {
    auto const v = testing::normal_vector<T>(100, 12);
    double const norm = std::sqrt(checks::squared(v));
    for (double const constant : {0.1, 0.7}) {
        dynamic_quantizer const c{.constant = constant};
        double const s = std::exp2(c.bits(0, norm) - 1) - 1;
        double expected = 0;
        for (auto const x : v) {
            double const r = s * std::fabs(static_cast<double>(x)) / norm;
            expected += (r - std::floor(r)) * (1 - r + std::floor(r)) * norm * norm / s / s;
        }
        testing::average lost;
        for (std::uint64_t round = 0; round < 4000; ++round)
            lost.add(checks::squared_distance(checks::compressed(c, v, round).decoded, v));
        BOOST_TEST(std::fabs(lost.mean() - expected) < 5 * lost.error());
    }
}

BOOST_AUTO_TEST_CASE(bits_follow_the_norm) {
    dynamic_quantizer const c{.constant = 1};
    BOOST_TEST(c.bits(0, 0) == 2u);
    BOOST_TEST(c.bits(0, 3) == 3u);
    BOOST_TEST(c.bits(0, 127) == 8u);
    BOOST_TEST(c.bits(9, 127) == 8u);
    BOOST_TEST(c.bits(0, 1e30) == 16u);
    BOOST_TEST(c.bits(0, std::nan("")) == 2u);
    for (double const norm : {3.0, 127.0}) {
        std::vector<float> v(10, 0.0F);
        v[4] = static_cast<float>(norm);
        BOOST_TEST(checks::compressed(c, v).out.grid.width() == c.bits(0, norm));
    }
}

// Of the same norm, more bits the later: the factor is a^((N - n) / 2), and 1 in the last round.
BOOST_AUTO_TEST_CASE(bits_grow_to_the_end) {
    dynamic_quantizer const c{.constant = 1, .a = 0.25, .rounds = 8};
    BOOST_TEST(c.bits(7, 1023) == 11u);
    BOOST_TEST(c.bits(6, 1022) == 10u);
    BOOST_TEST(c.bits(0, 127 * 128) == 8u);
    BOOST_TEST(c.bits(100, 1023) == 11u);
    BOOST_TEST(std::fabs(dynamic_quantizer::convex(1, 4, 0.1) - 0.84) < 1e-12);
}

BOOST_AUTO_TEST_CASE(the_budget_is_used_and_not_exceeded) {
    std::vector<double> norms;
    for (int n = 0; n < 200; ++n) norms.push_back(50 * std::exp(-n / 40.0));
    constexpr std::size_t d = 1000;
    for (double const a : {1.0, 0.99})
        for (double const bits : {2.5, 4.0, 7.5, 11.0}) {
            double const budget = bits * d * 200;
            auto const c = dynamic_quantizer{.a = a, .rounds = 200}.within(budget, d, norms);
            BOOST_TEST(c.total_bits(d, norms) <= budget);
            auto more = c;
            more.constant *= 1.0001;
            BOOST_TEST(c.total_bits(d, norms) > 0.97 * budget);
            BOOST_TEST(more.total_bits(d, norms) > c.total_bits(d, norms) - 1);
            if (a == 1) BOOST_TEST(c.bits(0, norms[0]) > c.bits(199, norms[199])); // fewer as the norm decays
        }
    BOOST_CHECK_THROW(dynamic_quantizer{}.within(1000, d, norms), configuration_error);
}

BOOST_AUTO_TEST_CASE(bad_options) {
    checks::refuses<configuration_error>(dynamic_quantizer{.constant = 0}, 5, "dynamic_quantizer");
    checks::refuses<configuration_error>(dynamic_quantizer{.a = 0}, 5, "dynamic_quantizer");
    checks::refuses<configuration_error>(dynamic_quantizer{.a = 1.5}, 5, "dynamic_quantizer");
    checks::refuses<configuration_error>(dynamic_quantizer{.a = 0.5}, 5, "dynamic_quantizer");
    checks::refuses<configuration_error>(dynamic_quantizer{.norm = terse::norm::given}, 5, "dynamic_quantizer");
}

BOOST_AUTO_TEST_SUITE_END()
