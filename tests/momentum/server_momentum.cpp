// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/momentum/server_momentum.hpp>

using terse::cpu;

namespace {

using numbers = std::vector<double>;

struct server {
    terse::server_momentum policy;
    terse::server_momentum::shared_state<cpu, double> state{};

    // Serves the update x at coordinate i of 2.
    numbers serve(std::size_t i, double x, terse::round_scales now = {}, std::uint64_t round = 0) {
        if (state.m.empty()) state.reset(2);
        terse::update<cpu, double> u;
        u.sparse.reset(2, 1);
        u.sparse.indices[0] = i;
        u.sparse.values[0] = x;
        policy.serve(state, u, now, round);
        BOOST_TEST((u.shape == terse::update<cpu, double>::form::dense)); // the broadcast is dense
        numbers out(2);
        u.add_to(1, terse::view<cpu, double>(out.data(), 2));
        policy.absorb(state, u);
        return out;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(server_momentum_tests)

static_assert(terse::MomentumPlacement<terse::server_momentum, cpu, float>);
static_assert(terse::MomentumPlacement<terse::server_momentum, cpu, double>);

BOOST_AUTO_TEST_CASE(accumulates_and_broadcasts_everything) {
    server s{{.beta = 0.5}};
    BOOST_TEST((s.serve(0, 4) == numbers{4, 0}));
    BOOST_TEST((s.serve(1, 3) == numbers{2, 3}));
    BOOST_TEST((s.serve(0, 1) == numbers{2, 1.5}));
}

BOOST_AUTO_TEST_CASE(leaves_the_workers_alone) {
    server s;
    s.state.reset(2);
    terse::stateless own;
    numbers g{1, 2};
    auto const out = s.policy.inject(own, s.state, terse::view<cpu, double>(g.data(), 2), {}, 0);
    BOOST_TEST((numbers(out.begin(), out.end()) == numbers{1, 2}));
}

BOOST_AUTO_TEST_CASE(follows_a_change_of_the_rate) {
    // The rate fell from 4 to 1. Heavy ball keeps w_t - w_{t-1}, PyTorch keeps m.
    terse::round_scales const gradient{.lr = 1, .last_lr = 4, .scale = 1, .last_scale = 4};
    terse::round_scales const model{.lr = 1, .last_lr = 4, .scale = 1, .last_scale = 1};
    auto const after = [](terse::momentum_lr lr, terse::round_scales now) {
        server s{{.beta = 0.5, .lr = lr}};
        s.serve(0, 4);
        return s.serve(1, 0, now)[0];
    };
    BOOST_TEST(after(terse::momentum_lr::current, gradient) == 8);
    BOOST_TEST(after(terse::momentum_lr::previous, gradient) == 2);
    BOOST_TEST(after(terse::momentum_lr::current, model) == 2);
    BOOST_TEST(after(terse::momentum_lr::previous, model) == 0.5);
}

BOOST_AUTO_TEST_CASE(beta_lies_in_0_1) {
    for (double const bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(terse::server_momentum{.beta = bad}.validate(1), terse::configuration_error);
    for (double const good : {0.0, 1.0}) terse::server_momentum{.beta = good}.validate(1);
}

BOOST_AUTO_TEST_SUITE_END()
