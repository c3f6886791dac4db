// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <limits>
#include <ranges>

#include <terse/cluster/solo.hpp>
#include <terse/run/checkpoint.hpp>

#include "oracle/drift_methods.hpp"
#include "oracle/follow_models.hpp"

using namespace oracle;

namespace {

using terse::cpu;

void pull_apart(terse::worker_context at, terse::view<cpu, double const> x, terse::view<cpu, double> g) {
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] - 10.0 * at.worker;
}

/// x_k <- sum_j W_kj x_j after every step: what a mixing of the user's own over a graph looks like.
struct ring_of_four {
    static constexpr bool takes_outer_rule = false;
    template <class B, class T>
    using worker_state = terse::stateless;
    template <class B, class T>
    using shared_state = terse::stateless;

    template <class Workers, class Outer, class State>
    void mix(Workers& all, terse::stateless&, Outer const&, State&) const {
        auto const weight = [](std::uint32_t i, std::uint32_t j) { return i == j ? 0.5 : 0.25; };
        all.mix_over(terse::topology::ring(4), all.models(), weight);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(drift_tests)

BOOST_AUTO_TEST_CASE(w_is_the_last_common_model_and_models_are_the_workers_own) {
    numbers w{1, 2, 3};
    auto run = terse::train(terse::local_sgd({.period = 3}), terse::simulated{.workers = 3}, w);
    for (std::size_t k = 0; k < 3; ++k) BOOST_TEST(std::ranges::equal(run.model(k), numbers{1, 2, 3}));
    run.step(0.1, pull_apart);
    run.step(0.1, pull_apart);
    BOOST_TEST((w == numbers{1, 2, 3}));
    BOOST_TEST(run.model(2)[0] != run.model(1)[0]);
    numbers mean(3);
    run.mean(mean);
    BOOST_TEST(std::abs(mean[0] - (run.model(0)[0] + run.model(1)[0] + run.model(2)[0]) / 3) < 1e-14);
    run.step(0.1, pull_apart);
    for (std::size_t k = 0; k < 3; ++k) BOOST_TEST(std::ranges::equal(run.model(k), w));
    BOOST_TEST(w[0] != 1);
    BOOST_CHECK_THROW(run.model(3), std::out_of_range);
    numbers wrong(2);
    BOOST_CHECK_THROW(run.mean(wrong), terse::dimension_error);
}

BOOST_AUTO_TEST_CASE(health_tells_how_far_the_models_are_apart) {
    numbers w{0, 0};
    auto run = terse::train(terse::local_sgd({.period = 2}), terse::simulated{.workers = 2}, w);
    run.measure_health();
    run.step(0.1, pull_apart); // models are 0 and 1 in both coordinates
    BOOST_TEST(std::abs(run.health().model_distance - std::sqrt(0.5)) < 1e-15);
    BOOST_TEST(std::abs(run.health().gradient_norm - 10 * std::sqrt(2.0) / 2) < 1e-14);
    run.step(0.1, pull_apart);
    BOOST_TEST(run.health().model_distance == 0);
}

BOOST_AUTO_TEST_CASE(what_travels) {
    numbers w(50, 1.0);
    auto const account = [&](auto method, int rounds) {
        auto run = terse::train(method, terse::simulated{.workers = 4}, w);
        for (int t = 0; t < rounds; ++t) run.step(0.01, pull_apart);
        return run.traffic();
    };
    std::uint64_t const vector = terse::wire::header_bytes + 50 * sizeof(double);
    auto const local = account(terse::local_sgd({.period = 5}), 20);
    BOOST_TEST((local.total == terse::bytes_moved{16 * vector, 16 * vector}));
    BOOST_TEST(local.rcc() == 1.0 / 5);
    BOOST_TEST(account(terse::pr_sgd_m({.period = 5}), 20).rcc() == 2.0 / 5);
    BOOST_TEST(account(terse::pr_sgd_m_cleared({.period = 5}), 20).rcc() == 1.0 / 5);
    BOOST_TEST(account(terse::pr_sgd_m({.period = 5, .buffers = terse::buffer_strategy::maintain}), 20).rcc() == 0.2);
    auto const between = account(terse::local_sgd({.period = 5}), 19); // nothing travelled in the last round
    BOOST_TEST((between.round == terse::bytes_moved{}));
    auto const ring = account(terse::drifting(terse::plain_step{}, ring_of_four{}), 1);
    BOOST_TEST((ring.total == terse::bytes_moved{8 * vector, 8 * vector})); // each to its two neighbours
    BOOST_TEST(ring.rcc() == 2);
}

BOOST_AUTO_TEST_CASE(neighbours_mix_with_any_number_of_gradients_in_flight) {
    for (std::uint32_t const held : {0u, 1u, 3u}) {
        numbers w{1, -1};
        auto run = terse::train(terse::drifting(terse::plain_step{}, ring_of_four{}),
                                terse::simulated{.workers = 4, .gradients_in_flight = held}, w);
        std::vector<numbers> x(4, w);
        for (int t = 0; t < 5; ++t) {
            run.step(0.1, pull_apart);
            std::vector<numbers> y = x;
            for (std::size_t k = 0; k < 4; ++k)
                for (std::size_t i = 0; i < 2; ++i) y[k][i] -= 0.1 * (x[k][i] - 10.0 * static_cast<double>(k));
            for (std::size_t k = 0; k < 4; ++k)
                for (std::size_t i = 0; i < 2; ++i)
                    x[k][i] = 0.5 * y[k][i] + 0.25 * y[(k + 1) % 4][i] + 0.25 * y[(k + 3) % 4][i];
            for (std::size_t k = 0; k < 4; ++k) BOOST_TEST(difference(x[k], run.model(k)) < 1e-14);
        }
        BOOST_TEST((w == numbers{1, -1}));
    }
}

BOOST_AUTO_TEST_CASE(one_worker_takes_plain_steps) {
    numbers w{1, 2}, v{1, 2};
    auto run = terse::train(terse::local_sgd({.period = 1}), terse::solo{}, w);
    for (int t = 0; t < 9; ++t) {
        run.step(0.1, pull_apart);
        for (double& x : v) x -= 0.1 * x;
        BOOST_TEST((w == v));
    }
}

BOOST_AUTO_TEST_CASE(a_skipped_round_skips_its_average) {
    numbers w{1, 2};
    auto run = terse::train(terse::local_sgd({.period = 2}), terse::simulated{.workers = 2}, w,
                            {.on_non_finite = terse::non_finite::skip_round});
    run.step(0.1, pull_apart);
    auto const before = numbers(run.model(1).begin(), run.model(1).end());
    run.step(0.1,
             [](terse::worker_context, auto, auto g) { g[0] = std::numeric_limits<double>::infinity(), g[1] = 0; });
    BOOST_TEST(run.round() == 2u);
    BOOST_TEST((w == numbers{1, 2}));
    BOOST_TEST(std::ranges::equal(run.model(1), before));
    run.step(0.1, pull_apart);
    BOOST_TEST((w == numbers{1, 2}));
    run.step(0.1, pull_apart);
    BOOST_TEST((w != numbers{1, 2}));
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_with_few_gradients_in_flight_ends_the_run) {
    numbers w{1, 2};
    auto run =
        terse::train(terse::local_sgd({.period = 2}), terse::simulated{.workers = 4, .gradients_in_flight = 2}, w);
    auto const bad_at = [](std::uint32_t worker) {
        return [worker](terse::worker_context at, auto x, auto g) {
            pull_apart(at, x, g);
            if (at.worker == worker) g[0] = std::numeric_limits<double>::quiet_NaN();
        };
    };
    auto const before = terse::save_state(run, "");
    BOOST_CHECK_THROW(run.step(0.1, bad_at(1)), terse::non_finite_error); // nothing has moved yet
    BOOST_TEST((terse::save_state(run, "") == before));
    BOOST_CHECK_THROW(run.step(0.1, bad_at(3)), terse::non_finite_error);
    BOOST_CHECK_THROW(run.step(0.1, pull_apart), terse::error);
    terse::load_state(run, before, "");
    run.step(0.1, pull_apart);
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_are_refused_before_anything_changes) {
    numbers w{1, 2};
    auto const refused = [&](auto method) {
        BOOST_CHECK_THROW(terse::train(method, terse::solo{}, w), terse::configuration_error);
        BOOST_TEST((w == numbers{1, 2}));
    };
    refused(terse::local_sgd({.period = 0}));
    refused(terse::pr_sgd_m({.beta = 1.5}));
    refused(terse::pr_sgd_m_nesterov({.beta = -0.1}));
    refused(terse::pr_sgd_m_cleared({.beta = std::numeric_limits<double>::quiet_NaN()}));
    auto outside = terse::local_sgd();
    outside.decay = {.rate = 0.1, .outside = true};
    refused(outside);
    auto clipped = terse::local_sgd();
    clipped.clip = {.norm = -1};
    refused(clipped);
    numbers empty;
    BOOST_CHECK_THROW(terse::train(terse::local_sgd(), terse::solo{}, empty), terse::dimension_error);
}

BOOST_AUTO_TEST_CASE(a_run_goes_on_with_another_number_of_workers_from_the_mean) {
    numbers w{1, 2, 3}, v{0, 0, 0};
    auto run = terse::train(terse::pr_sgd_m({.period = 4}), terse::simulated{.workers = 3}, w);
    for (int t = 0; t < 6; ++t) run.step(0.1, pull_apart);
    numbers mean(3);
    run.mean(mean);
    auto const saved = terse::save_state(run, "");
    auto other = terse::train(terse::pr_sgd_m({.period = 4}), terse::simulated{.workers = 2}, v);
    for (auto const change : {terse::worker_change::refuse, terse::worker_change::sum, terse::worker_change::reset})
        BOOST_CHECK_THROW(terse::load_state(other, saved, "", change), terse::checkpoint_error);
    BOOST_TEST((v == numbers{0, 0, 0}));
    terse::load_state(other, saved, "", terse::worker_change::average);
    BOOST_TEST((v == w));
    for (std::size_t k = 0; k < 2; ++k) BOOST_TEST(difference(mean, other.model(k)) < 1e-14);
    other.step(0.1, pull_apart);
}

BOOST_AUTO_TEST_SUITE_END()
