// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/momentum/local_momentum.hpp>
#include <terse/wire/dense.hpp>

using terse::cpu;

namespace {

using numbers = std::vector<double>;

struct worker {
    terse::local_momentum policy;
    terse::local_momentum::worker_state<cpu, double> own{};

    numbers inject(numbers g, std::uint64_t round = 0) {
        if (own.m.empty()) own.reset(g.size());
        auto const out =
            policy.inject(own, terse::stateless{}, terse::view<cpu, double>(g.data(), g.size()), {}, round);
        return {out.begin(), out.end()};
    }
    numbers momentum() const { return {own.m.data(), own.m.data() + own.m.size()}; }
};

terse::sparse_message<cpu, double> sent_at(std::size_t i, std::size_t d) {
    terse::sparse_message<cpu, double> m;
    m.reset(d, 1);
    m.indices[0] = i;
    m.values[0] = 7;
    return m;
}

} // namespace

BOOST_AUTO_TEST_SUITE(local_momentum_tests)

static_assert(terse::MomentumPlacement<terse::local_momentum, cpu, float>);
static_assert(terse::MomentumPlacement<terse::local_momentum, cpu, double>);

BOOST_AUTO_TEST_CASE(accumulates) {
    worker w{{.beta = 0.5}};
    BOOST_TEST((w.inject({4, -2}) == numbers{4, -2}));
    BOOST_TEST((w.inject({1, 1}) == numbers{3, 0}));
    BOOST_TEST((w.inject({0, 0}) == numbers{1.5, 0}));
}

BOOST_AUTO_TEST_CASE(nesterov_looks_ahead) {
    worker w{{.beta = 0.5, .nesterov = true}};
    BOOST_TEST((w.inject({4}) == numbers{6}));   // m = 4, g + m / 2
    BOOST_TEST((w.inject({1}) == numbers{2.5})); // m = 3
    BOOST_TEST((w.momentum() == numbers{3}));
}

BOOST_AUTO_TEST_CASE(masking_forgets_what_was_sent) {
    worker w{{.beta = 0.5, .factor_masking = true}};
    w.inject({4, 2, 8});
    w.policy.forget(w.own, sent_at(1, 3));
    BOOST_TEST((w.momentum() == numbers{4, 0, 8}));
    terse::dense_message<cpu, double> all;
    all.reset(3);
    w.policy.forget(w.own, all);
    BOOST_TEST((w.momentum() == numbers{0, 0, 0}));
}

BOOST_AUTO_TEST_CASE(without_masking_nothing_is_forgotten) {
    worker w{{.beta = 0.5}};
    w.inject({4, 2, 8});
    w.policy.forget(w.own, sent_at(1, 3));
    BOOST_TEST((w.momentum() == numbers{4, 2, 8}));
}

BOOST_AUTO_TEST_CASE(beta_may_change_with_the_round) {
    worker w{{.beta = terse::schedule::steps(1, 0.5, {2})}};
    w.inject({1}, 0);
    BOOST_TEST((w.inject({1}, 1) == numbers{2}));
    BOOST_TEST((w.inject({1}, 2) == numbers{2}));
}

BOOST_AUTO_TEST_CASE(beta_lies_in_0_1) {
    for (double const bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(terse::local_momentum{.beta = bad}.validate(1), terse::configuration_error);
    for (double const good : {0.0, 1.0}) terse::local_momentum{.beta = good}.validate(1);
}

BOOST_AUTO_TEST_SUITE_END()
