// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/method/gmc.hpp>
#include <terse/momentum/global_momentum.hpp>
#include <terse/terse.hpp>

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

// A sparse update as a vector: adding it anywhere changes nothing that adding the entries does not.
BOOST_AUTO_TEST_CASE(spread_leaves_other_coordinates_alone) {
    terse::global_momentum const m{.beta = 0.5};
    terse::global_momentum::shared_state<cpu, double> shared;
    shared.reset(4);
    auto u = some_update();
    m.absorb(shared, u);
    terse::round_scales const now{.lr = 1, .last_lr = 1, .scale = 1, .last_scale = 1};
    BOOST_TEST((m.pending(shared, now, 1).u.empty()));
    m.spread(shared, 3); // too few to be worth it
    BOOST_TEST((m.pending(shared, now, 1).u.empty()));
    m.spread(shared, 4);
    auto const sum = m.pending(shared, now, 1);
    BOOST_TEST_REQUIRE(sum.u.size() == 4u);
    numbers const g{-0.0, 1, 0.0, 1};
    numbers const expected{-0.0, 2, 0.0, -0.5};
    for (std::size_t i = 0; i < 4; ++i) {
        auto const y = g[i] + sum.a * sum.u[i];
        BOOST_TEST(y == expected[i]);
        BOOST_TEST(std::signbit(y) == std::signbit(expected[i]));
    }
    auto next = some_update();
    m.absorb(shared, next);
    BOOST_TEST((m.pending(shared, now, 2).u.empty())); // that was the update of the round before
}

BOOST_AUTO_TEST_CASE(a_dense_update_is_pending_as_it_is) {
    terse::global_momentum const m{.beta = 0.5};
    terse::global_momentum::shared_state<cpu, double> shared;
    shared.reset(2);
    terse::update<cpu, double> u;
    u.become_dense(2);
    cpu::fill(terse::view<cpu, double>(u.dense.values), 3.0);
    m.absorb(shared, u);
    terse::round_scales const now{.lr = 1, .last_lr = 4, .scale = 1, .last_scale = 4};
    auto const sum = m.pending(shared, now, 1);
    BOOST_TEST(sum.a == 2);
    BOOST_TEST((sum.u.data() == shared.last.dense.values.data()));
}

namespace {

// top_k without a take of its own: every pass is made for itself.
struct plain_top_k {
    terse::top_k how;

    template <class B, class T>
    using message = terse::sparse_message<B, T>;

    template <class B, class T>
    void compress(terse::input<B, T> in, terse::sparse_message<B, T>& out, terse::context<B> at) const {
        how.compress(in, out, at);
    }
};

template <class T, class Compressor>
std::vector<T> trained(Compressor const& compressor, std::uint32_t workers, std::uint64_t seed) {
    constexpr std::size_t d = 5000;
    std::vector<T> w(d, T(1));
    auto run = terse::train(terse::gmc(compressor, {.beta = 0.9}), terse::simulated{.workers = workers, .threads = 2},
                            w, {.seed = seed});
    for (int t = 0; t < 12; ++t)
        run.step(t < 6 ? 0.2 : 0.05, [&](terse::worker_context at, auto x, auto g) {
            auto const noise = at.random(terse::purpose::user);
            for (std::size_t i = 0; i < d; ++i)
                g[i] = i % 7 == 0 ? -T(0) : x[i] - static_cast<T>(noise.uniform(i)); // zeros have signs
        });
    return w;
}

} // namespace

// Of few workers and entries the momentum is added by itself, of more in the pass of the compressor.
BOOST_AUTO_TEST_CASE(the_same_bits_in_one_pass_and_in_two) {
    for (std::uint64_t seed = 1; seed < 4; ++seed)
        for (std::uint32_t const workers : {2u, 4u, 9u})
            for (double const ratio : {0.002, 0.03, 0.1, 0.4}) {
                terse::top_k const how{.ratio = ratio};
                auto const one = trained<float>(how, workers, seed);
                auto const two = trained<float>(plain_top_k{how}, workers, seed);
                BOOST_TEST((std::memcmp(one.data(), two.data(), one.size() * sizeof(float)) == 0),
                           "float, " << workers << " workers, ratio " << ratio);
                auto const wide = trained<double>(how, workers, seed);
                auto const wide_two = trained<double>(plain_top_k{how}, workers, seed);
                BOOST_TEST((std::memcmp(wide.data(), wide_two.data(), wide.size() * sizeof(double)) == 0),
                           "double, " << workers << " workers, ratio " << ratio);
            }
}

BOOST_AUTO_TEST_SUITE_END()
