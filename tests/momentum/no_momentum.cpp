// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/momentum/no_momentum.hpp>

using terse::cpu;

BOOST_AUTO_TEST_SUITE(no_momentum_tests)

static_assert(terse::MomentumPlacement<terse::no_momentum, cpu, float>);
static_assert(terse::MomentumPlacement<terse::no_momentum, cpu, double>);

BOOST_AUTO_TEST_CASE(passes_gradients_and_updates_on) {
    terse::no_momentum const m;
    terse::stateless state;
    std::vector<double> g{1, -2};
    auto const out = m.inject(state, state, terse::view<cpu, double>(g.data(), 2), {}, 0);
    BOOST_TEST(out.data() == g.data());
    BOOST_TEST((g == std::vector<double>{1, -2}));
    terse::update<cpu, double> u;
    u.shape = terse::update<cpu, double>::form::dense;
    u.dense.reset(1);
    u.dense.values[0] = 5;
    m.serve(state, u, {}, 0);
    m.absorb(state, u);
    BOOST_TEST(u.dense.values[0] == 5);
}

BOOST_AUTO_TEST_SUITE_END()
