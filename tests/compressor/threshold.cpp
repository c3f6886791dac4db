// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <cmath>
#include <limits>

#include <terse/compressor/threshold.hpp>

BOOST_AUTO_TEST_SUITE(threshold_tests)

using namespace terse;
using indices = std::vector<std::size_t>;

BOOST_AUTO_TEST_CASE_TEMPLATE(what_reaches_it_is_sent, T, checks::scalars) {
    T const below = std::nextafter(T(0.5), T(0));
    std::vector<T> const v{T(0.5), below, T(-0.5), -below, T(0), T(-7), std::numeric_limits<T>::denorm_min()};
    auto const t = checks::compressed(threshold{.at_least = 0.5}, v);
    BOOST_TEST(checks::indices_of(t.out) == (indices{0, 2, 5}));
    BOOST_TEST(t.out.values[2] == T(-7));
    BOOST_TEST(checks::indices_of(checks::compressed(threshold{.at_least = 8}, v).out) == indices{});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(infinities_are_sent_and_nan_is_not, T, checks::scalars) {
    auto const infinity = std::numeric_limits<T>::infinity();
    std::vector<T> const v{std::numeric_limits<T>::quiet_NaN(), infinity, T(0), -infinity};
    BOOST_TEST(checks::indices_of(checks::compressed(threshold{.at_least = 1}, v).out) == (indices{1, 3}));
}

BOOST_AUTO_TEST_CASE(it_follows_its_schedule) {
    threshold const c{.at_least = schedule::linear(1, 3, 2)};
    std::vector<double> const v{1, 2, 3};
    for (std::uint64_t round = 0; round < 3; ++round)
        BOOST_TEST(checks::compressed(c, v, round).out.indices.size() == 3 - round);
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_are_refused) {
    for (double const bad :
         {0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        checks::refuses<configuration_error>(threshold{.at_least = bad}, 10, "threshold");
    checks::refuses<configuration_error>(threshold{.at_least = schedule::linear(1, 0, 5)}, 10, "threshold");
    BOOST_CHECK_NO_THROW(validate(threshold{}, 1));
}

BOOST_AUTO_TEST_SUITE_END()
