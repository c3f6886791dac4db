// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <algorithm>
#include <cmath>

#include <terse/compressor/qsgd.hpp>
#include <terse/compressor/terngrad.hpp>
#include <terse/error.hpp>

BOOST_AUTO_TEST_SUITE(terngrad_tests)

using namespace terse;

BOOST_AUTO_TEST_CASE_TEMPLATE(it_is_one_level_of_the_largest_magnitude, T, checks::scalars) {
    auto const v = testing::normal_vector<T>(333, 1);
    T largest = 0;
    for (auto const x : v) largest = std::max(largest, std::fabs(x));
    auto const t = checks::compressed(terngrad{}, v);
    for (std::size_t i = 0; i < v.size(); ++i)
        BOOST_TEST((t.decoded[i] == 0 || t.decoded[i] == (v[i] < 0 ? -largest : largest)));
    qsgd const one{.levels = 1, .norm = norm::linf, .bucket = 0};
    BOOST_TEST((t.decoded == checks::compressed(one, v).decoded));
    BOOST_TEST(t.out.bytes() == 32 + 10 + sizeof(T) + 84);
}

// omega = ||v||_inf ||v||_1 / ||v||_2^2 - 1, with equality; (sqrt(d) - 1) / 2 at one 1 among 1 / (1 + sqrt(d)).
BOOST_AUTO_TEST_CASE_TEMPLATE(the_worst_case_is_attained, T, checks::scalars) {
    constexpr std::size_t d = 100;
    std::vector<T> v(d, static_cast<T>(1 / (1 + std::sqrt(static_cast<double>(d)))));
    v[40] = 1;
    testing::average lost;
    for (std::uint64_t round = 0; round < 4000; ++round)
        lost.add(checks::squared_distance(checks::compressed(terngrad{}, v, round).decoded, v) / checks::squared(v));
    BOOST_TEST(std::fabs(lost.mean() - 4.5) < 5 * lost.error());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(clipping_takes_the_deviation_about_the_mean, T, checks::scalars) {
    std::vector<T> v(100, T(5));
    for (std::size_t i = 0; i < v.size(); i += 2) v[i] = 7; // mean 6, deviation 1
    auto const scale = [&](terngrad const& c) { return checks::compressed(c, v).out.units[0]; };
    BOOST_TEST(scale({.clip = 2.5}) == T(2.5));
    BOOST_TEST(scale({.clip = 9, .how = terngrad::rule::paper}) == 7);
    BOOST_TEST(scale({.clip = 9, .how = terngrad::rule::code}) == 9);
    BOOST_TEST(scale({}) == 7);
}

BOOST_AUTO_TEST_CASE(bad_options) {
    checks::refuses<configuration_error>(terngrad{.clip = -1}, 5, "terngrad");
    checks::refuses<configuration_error>(terngrad{.clip = HUGE_VAL}, 5, "terngrad");
    checks::refuses<configuration_error>(terngrad{.clip = std::nan("")}, 5, "terngrad");
}

BOOST_AUTO_TEST_SUITE_END()
