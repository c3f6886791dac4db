// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/momentum/global_momentum.hpp>

using terse::cpu;

namespace {

using numbers = std::vector<double>;

// The update with the values 2 and -3 at coordinates 1 and 3 of 4.
terse::update<cpu, double> some_update() {
    terse::update<cpu, double> u;
    u.sparse.reset(4, 2);
    u.sparse.indices[0] = 1;
    u.sparse.indices[1] = 3;
    u.sparse.values[0] = 2;
    u.sparse.values[1] = -3;
    return u;
}

numbers injected(terse::global_momentum const& m, terse::round_scales now, std::uint64_t round) {
    terse::global_momentum::shared_state<cpu, double> shared;
    terse::stateless own;
    shared.reset(4);
    auto u = some_update();
    m.absorb(shared, u);
    numbers g{1, 1, 1, 1};
    auto const out = m.inject(own, shared, terse::view<cpu, double>(g.data(), 4), now, round);
    BOOST_TEST(out.data() == g.data());
    return g;
}

} // namespace

BOOST_AUTO_TEST_SUITE(global_momentum_tests)

static_assert(terse::MomentumPlacement<terse::global_momentum, cpu, float>);
static_assert(terse::MomentumPlacement<terse::global_momentum, cpu, double>);

BOOST_AUTO_TEST_CASE(adds_beta_times_the_last_update) {
    BOOST_TEST(
        (injected({.beta = 0.5}, {.lr = 1, .last_lr = 1, .scale = 1, .last_scale = 1}, 1) == numbers{1, 2, 1, -0.5}));
}

BOOST_AUTO_TEST_CASE(divides_the_last_step_by_the_chosen_rate) {
    // Gradient units: w_t - w_{t-1} = -last_lr u. The rate fell from 4 to 1.
    terse::round_scales const gradient{.lr = 1, .last_lr = 4, .scale = 1, .last_scale = 4};
    BOOST_TEST((injected({.beta = 0.5}, gradient, 1) == numbers{1, 5, 1, -5}));
    BOOST_TEST((injected({.beta = 0.5, .lr = terse::momentum_lr::previous}, gradient, 1) == numbers{1, 2, 1, -0.5}));
    // Model units: w_t - w_{t-1} = -u.
    terse::round_scales const model{.lr = 1, .last_lr = 4, .scale = 1, .last_scale = 1};
    BOOST_TEST((injected({.beta = 0.5}, model, 1) == numbers{1, 2, 1, -0.5}));
    BOOST_TEST(
        (injected({.beta = 0.5, .lr = terse::momentum_lr::previous}, model, 1) == numbers{1, 1.25, 1, 1 - 0.375}));
}

BOOST_AUTO_TEST_CASE(has_nothing_to_add_at_first) {
    terse::global_momentum const m;
    terse::global_momentum::shared_state<cpu, double> shared;
    terse::stateless own;
    shared.reset(2);
    numbers g{1, -1};
    m.inject(own, shared, terse::view<cpu, double>(g.data(), 2), {}, 0);
    BOOST_TEST((g == numbers{1, -1}));
}

BOOST_AUTO_TEST_CASE(beta_may_change_with_the_round) {
    terse::global_momentum const m{.beta = terse::schedule::linear(0, 1, 2)};
    BOOST_TEST((injected(m, {}, 0) == numbers{1, 1, 1, 1}));
    BOOST_TEST((injected(m, {}, 1) == numbers{1, 2, 1, -0.5}));
    BOOST_TEST((injected(m, {}, 2) == numbers{1, 3, 1, -2}));
}

BOOST_AUTO_TEST_CASE(beta_lies_in_0_1) {
    using terse::configuration_error;
    for (double const bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(terse::global_momentum{.beta = bad}.validate(1), configuration_error);
    for (double const good : {0.0, 1.0}) terse::global_momentum{.beta = good}.validate(1);
}

BOOST_AUTO_TEST_SUITE_END()
