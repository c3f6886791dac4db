// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/feedback/standard_feedback.hpp>

using terse::cpu;

BOOST_AUTO_TEST_SUITE(standard_feedback_tests)

static_assert(terse::ErrorFeedback<terse::standard_feedback, cpu, float>);
static_assert(terse::ErrorFeedback<terse::standard_feedback, cpu, double>);
static_assert(terse::ErrorFeedback<terse::no_feedback, cpu, float>);
static_assert(terse::ErrorFeedback<terse::no_feedback, cpu, double>);
static_assert(terse::standard_feedback::keeps_residual && !terse::standard_feedback::moves_point);
static_assert(!terse::no_feedback::keeps_residual && !terse::no_feedback::moves_point);

BOOST_AUTO_TEST_CASE(takes_gradients_at_the_iterate) {
    std::vector<double> w{1, 2}, e{4, 5}, x{0, 0};
    terse::view<cpu, double const> const at(w.data(), 2), residual(e.data(), 2);
    terse::view<cpu, double> const out(x.data(), 2);
    BOOST_TEST(terse::standard_feedback{}.point(at, residual, out, {}, 0).data() == w.data());
    BOOST_TEST(terse::no_feedback{}.point(at, residual, out, {}, 0).data() == w.data());
}

BOOST_AUTO_TEST_CASE(averages_in_every_pth_round_counted_from_one) {
    terse::standard_feedback const f{.average_every = 3};
    for (std::uint64_t t = 0; t < 12; ++t) {
        BOOST_TEST(f.averages_residuals(t) == (t % 3 == 2));
        BOOST_TEST(!terse::standard_feedback{}.averages_residuals(t));
        BOOST_TEST(!terse::no_feedback{}.averages_residuals(t));
    }
}

BOOST_AUTO_TEST_CASE(units_are_gradients_unless_said) {
    BOOST_TEST((terse::standard_feedback{}.residual_units() == terse::units::gradient));
    BOOST_TEST((terse::standard_feedback{.units = terse::units::model}.residual_units() == terse::units::model));
}

BOOST_AUTO_TEST_SUITE_END()
