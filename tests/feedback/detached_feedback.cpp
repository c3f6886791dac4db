// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/feedback/detached_feedback.hpp>
#include <terse/feedback/step_ahead.hpp>

using terse::cpu;

namespace {

using numbers = std::vector<double>;

numbers point(terse::detached_feedback const& f, terse::round_scales now, std::uint64_t round = 3) {
    numbers w{1, 2};
    numbers e{4, -8};
    numbers x(2);
    auto const out = f.point(terse::view<cpu, double const>(w.data(), 2), terse::view<cpu, double const>(e.data(), 2),
                             terse::view<cpu, double>(x.data(), 2), now, round);
    BOOST_TEST(out.data() == x.data());
    BOOST_TEST((w == numbers{1, 2}));
    BOOST_TEST((e == numbers{4, -8}));
    return x;
}

} // namespace

BOOST_AUTO_TEST_SUITE(detached_feedback_tests)

static_assert(terse::ErrorFeedback<terse::detached_feedback, cpu, float>);
static_assert(terse::ErrorFeedback<terse::detached_feedback, cpu, double>);

BOOST_AUTO_TEST_CASE(goes_down_along_the_residual) {
    // Gradient units: with the rate that left the residual behind, not with this round's.
    terse::round_scales const gradient{.lr = 0.125, .last_lr = 0.5, .scale = 0.125, .last_scale = 0.5};
    BOOST_TEST((point({.lambda = 0.5}, gradient) == numbers{0, 4}));
    terse::round_scales const model{.lr = 0.125, .last_lr = 0.5, .scale = 1, .last_scale = 1};
    BOOST_TEST((point({.lambda = 0.5, .units = terse::units::model}, model) == numbers{-1, 6}));
    BOOST_TEST((point({.lambda = 0}, gradient) == numbers{1, 2}));
    BOOST_TEST((point(terse::step_ahead(), model) == numbers{-3, 10}));
}

BOOST_AUTO_TEST_CASE(lambda_may_change_with_the_round) {
    terse::detached_feedback const f{.lambda = terse::schedule::linear(0, 1, 4)};
    BOOST_TEST((point(f, {}, 0) == numbers{1, 2}));
    BOOST_TEST((point(f, {}, 2) == numbers{-1, 6}));
    BOOST_TEST((point(f, {}, 4) == numbers{-3, 10}));
}

BOOST_AUTO_TEST_CASE(averages_in_every_pth_round_counted_from_one) {
    terse::detached_feedback const f{.average_every = 3};
    for (std::uint64_t t = 0; t < 12; ++t) BOOST_TEST(f.averages_residuals(t) == (t % 3 == 2));
    terse::detached_feedback const always{.average_every = 1};
    terse::detached_feedback const never;
    for (std::uint64_t t = 0; t < 5; ++t) {
        BOOST_TEST(always.averages_residuals(t));
        BOOST_TEST(!never.averages_residuals(t));
    }
}

BOOST_AUTO_TEST_CASE(step_ahead_is_detached_by_one_in_model_units) {
    auto const f = terse::step_ahead(7);
    BOOST_TEST((f.lambda == terse::schedule(1.0)));
    BOOST_TEST((f.residual_units() == terse::units::model));
    BOOST_TEST(f.average_every == 7u);
}

BOOST_AUTO_TEST_CASE(lambda_lies_in_0_1) {
    for (double const bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(terse::detached_feedback{.lambda = bad}.validate(1), terse::configuration_error);
    for (double const good : {0.0, 1.0}) terse::detached_feedback{.lambda = good}.validate(1);
}

BOOST_AUTO_TEST_SUITE_END()
