// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>

#include <terse/run/schedule.hpp>

using terse::schedule;
using shape = terse::schedule::shape;

namespace {

bool close(double a, double b) { return std::fabs(a - b) <= 1e-14 * std::fmax(1, std::fabs(b)); }

// Whether every value of the first 2,000 rounds lies in [low, high], by looking.
bool all_within(schedule const& s, double low, double high) {
    for (std::uint64_t t = 0; t < 2000; ++t)
        if (!(low <= s(t) && s(t) <= high)) return false;
    return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(schedule_tests)

BOOST_AUTO_TEST_CASE(a_number_is_constant) {
    schedule const s = 0.25;
    BOOST_TEST(s(0) == 0.25);
    BOOST_TEST(s(1) == 0.25);
    BOOST_TEST(s(std::numeric_limits<std::uint64_t>::max()) == 0.25);
    BOOST_TEST(schedule()(7) == 0);
    static_assert(schedule(0.5)(3) == 0.5);
}

BOOST_AUTO_TEST_CASE(is_a_plain_value) {
    static_assert(std::is_trivially_copyable_v<schedule>);
    BOOST_TEST((schedule(0.5) == schedule(0.5)));
    BOOST_TEST(!(schedule(0.5) == schedule(0.25)));
    BOOST_TEST((schedule::cosine(1, 0, 10) == schedule::cosine(1, 0, 10)));
    BOOST_TEST(!(schedule::cosine(1, 0, 10) == schedule::cosine(1, 0, 11)));
    BOOST_TEST(!(schedule::cosine(1, 0, 10) == schedule::linear(1, 0, 10)));
    BOOST_TEST((schedule::steps(1, 0.1, {3}) == schedule::steps(1, 0.1, {3})));
    BOOST_TEST(!(schedule::steps(1, 0.1, {3}) == schedule::steps(1, 0.1, {4})));
    BOOST_TEST(!(schedule(1.0) == schedule(1.0).warmed_up(shape::linear, 0, 2)));
}

BOOST_AUTO_TEST_CASE(steps_multiply_at_their_milestones) {
    auto const s = schedule::steps(0.1, 0.1, {100, 150});
    BOOST_TEST(s(0) == 0.1);
    BOOST_TEST(s(99) == 0.1);
    BOOST_TEST(close(s(100), 0.01));
    BOOST_TEST(close(s(149), 0.01));
    BOOST_TEST(close(s(150), 0.001));
    BOOST_TEST(close(s(1000000), 0.001));
    BOOST_TEST(close(schedule::steps(8, 0.5, {2, 2})(2), 2)); // twice at once
    BOOST_TEST(schedule::steps(8, 0.5, {})(5) == 8);
    BOOST_TEST(schedule::steps(8, 0.5, {0})(0) == 4);
    BOOST_TEST(close(schedule::steps(256, 0.5, {1, 2, 3, 4, 5, 6, 7, 8})(8), 1));
}

BOOST_AUTO_TEST_CASE(cosine) {
    auto const s = schedule::cosine(0.4, 0.1, 50);
    for (std::uint64_t t = 0; t <= 50; ++t)
        BOOST_TEST(close(s(t), 0.1 + 0.3 * (1 + std::cos(std::numbers::pi * static_cast<double>(t) / 50)) / 2));
    BOOST_TEST(close(s(0), 0.4));
    BOOST_TEST(close(s(25), 0.25));
    BOOST_TEST(s(50) == 0.1);
    BOOST_TEST(s(51) == 0.1);
}

BOOST_AUTO_TEST_CASE(linear) {
    auto const s = schedule::linear(1, 3, 4);
    BOOST_TEST(s(0) == 1);
    BOOST_TEST(s(1) == 1.5);
    BOOST_TEST(s(3) == 2.5);
    BOOST_TEST(s(4) == 3);
    BOOST_TEST(s(5) == 3);
    BOOST_TEST(schedule::linear(1, 3, 1)(0) == 1);
    BOOST_TEST(schedule::linear(1, 3, 1)(1) == 3);
}

BOOST_AUTO_TEST_CASE(exponential) {
    auto const s = schedule::exponential(1, 16, 4);
    BOOST_TEST(s(0) == 1);
    BOOST_TEST(close(s(1), 2));
    BOOST_TEST(close(s(2), 4));
    BOOST_TEST(close(s(3), 8));
    BOOST_TEST(s(4) == 16);
    BOOST_TEST(s(40) == 16);
}

BOOST_AUTO_TEST_CASE(dgc_ramp_has_the_published_densities) {
    auto const s = schedule::dgc_ramp(0.001, 4, 10);
    constexpr double printed[] = {0.251, 0.0631, 0.0158, 0.00398, 0.001, 0.001};
    constexpr double half_digit[] = {0.0005, 0.00005, 0.00005, 0.000005, 0.0000005, 0.0000005};
    for (std::uint64_t epoch = 0; epoch < 6; ++epoch)
        for (std::uint64_t t = 10 * epoch; t < 10 * epoch + 10; ++t)
            BOOST_TEST(std::fabs(s(t) - printed[epoch]) <= half_digit[epoch]);
    for (std::uint64_t epoch = 0; epoch < 4; ++epoch)
        BOOST_TEST(close(s(10 * epoch), std::pow(0.001, static_cast<double>(epoch + 1) / 5)));
    BOOST_TEST(s(40) == 0.001);
    BOOST_TEST(schedule::dgc_ramp(0.5, 0, 10)(0) == 0.5); // no warm-up at all
}

BOOST_AUTO_TEST_CASE(warm_up_comes_first_and_shifts_the_rest) {
    auto const s = schedule::steps(0.8, 0.5, {10}).warmed_up(shape::linear, 0.2, 3);
    BOOST_TEST(close(s(0), 0.2));
    BOOST_TEST(close(s(1), 0.4));
    BOOST_TEST(close(s(2), 0.6));
    BOOST_TEST(s(3) == 0.8);
    BOOST_TEST(s(12) == 0.8);
    BOOST_TEST(s(13) == 0.4);
    auto const e = schedule(8.0).warmed_up(shape::exponential, 1, 3);
    BOOST_TEST(close(e(0), 1));
    BOOST_TEST(close(e(1), 2));
    BOOST_TEST(close(e(2), 4));
    BOOST_TEST(e(3) == 8);
    BOOST_TEST(schedule(8.0).warmed_up(shape::linear, 1, 0)(0) == 8);
}

BOOST_AUTO_TEST_CASE(within_knows_all_values) {
    schedule const all[] = {0.5,
                            schedule::steps(0.5, 0.1, {3, 9}),
                            schedule::steps(0.5, 1.9, {3, 9}),
                            schedule::cosine(0.9, 0.2, 30),
                            schedule::linear(0.1, 0.7, 30),
                            schedule::exponential(0.1, 0.7, 30),
                            schedule::dgc_ramp(0.01, 3, 20),
                            schedule(0.5).warmed_up(shape::linear, 0.05, 5),
                            schedule::cosine(0.9, 0.2, 30).warmed_up(shape::exponential, 0.01, 7)};
    constexpr double bounds[] = {0.004, 0.01, 0.05, 0.06, 0.1, 0.2, 0.32, 0.5, 0.7, 0.9, 0.95, 1, 2};
    for (auto const& s : all)
        for (double const low : bounds)
            for (double const high : bounds) BOOST_TEST(s.within(low, high) == all_within(s, low, high));
}

BOOST_AUTO_TEST_CASE(nan_is_within_nothing) {
    double const nan = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(!schedule(nan).within(0, 1));
    BOOST_TEST(!schedule::linear(0, nan, 3).within(0, 1));
    BOOST_TEST(!schedule::linear(nan, 0, 3).within(0, 1));
    BOOST_TEST(!schedule::steps(1, nan, {3}).within(0, 1));
    BOOST_TEST(!schedule(0.5).warmed_up(shape::linear, nan, 3).within(0, 1));
}

BOOST_AUTO_TEST_CASE(refuses_what_makes_no_sense) {
    using terse::configuration_error;
    double const nan = std::numeric_limits<double>::quiet_NaN();
    BOOST_CHECK_THROW(schedule::steps(1, 0.1, {5, 3}), configuration_error);
    BOOST_CHECK_THROW(schedule::steps(1, 0.1, {1, 2, 3, 4, 5, 6, 7, 8, 9}), configuration_error);
    BOOST_CHECK_THROW(schedule::cosine(1, 0, 0), configuration_error);
    BOOST_CHECK_THROW(schedule::linear(1, 0, 0), configuration_error);
    BOOST_CHECK_THROW(schedule::exponential(1, 2, 0), configuration_error);
    BOOST_CHECK_THROW(schedule::exponential(0, 1, 5), configuration_error);
    BOOST_CHECK_THROW(schedule::exponential(1, -1, 5), configuration_error);
    BOOST_CHECK_THROW(schedule::exponential(1, nan, 5), configuration_error);
    BOOST_CHECK_THROW(schedule::dgc_ramp(0, 4, 10), configuration_error);
    BOOST_CHECK_THROW(schedule::dgc_ramp(nan, 4, 10), configuration_error);
    BOOST_CHECK_THROW(schedule::dgc_ramp(0.1, 4, 0), configuration_error);
    BOOST_CHECK_THROW(schedule(1.0).warmed_up(shape::cosine, 0.1, 5), configuration_error);
    BOOST_CHECK_THROW(schedule(1.0).warmed_up(shape::exponential, 0, 5), configuration_error);
    BOOST_CHECK_THROW(schedule(0.0).warmed_up(shape::exponential, 1, 5), configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
