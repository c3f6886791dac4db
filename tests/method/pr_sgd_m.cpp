// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/dmsgd.hpp>
#include <terse/method/dsgd.hpp>
#include <terse/method/local_sgd.hpp>
#include <terse/method/nesterov.hpp>
#include <terse/method/pr_sgd_m.hpp>

#include "oracle/follow_models.hpp"
#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

// PR-SGD-Momentum paper, Algorithm 1. Option I: u = beta u + g, x = x - eta u; Option II: v = beta u + g with the new
// u, x = x - eta v. In rounds with I | t + 1 then x_k <- mean x_j, and u_k <- mean u_j (or 0, or as it was).
struct paper {
    random_run const& run;
    std::uint64_t interval;
    bool option_2;
    terse::buffer_strategy buffers;
    std::vector<numbers> x = std::vector<numbers>(run.workers, run.start);
    std::vector<numbers> m = zeros_for_each_worker(run);
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, x[k]);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                m[k][i] = run.beta * m[k][i] + g[i];
                x[k][i] -= lr * (option_2 ? run.beta * m[k][i] + g[i] : m[k][i]);
            }
        }
        if ((t + 1) % interval != 0) return;
        w = mean_of(run, x);
        for (auto& model : x) model = w;
        if (buffers == terse::buffer_strategy::reset) m = zeros_for_each_worker(run);
        if (buffers == terse::buffer_strategy::average) m.assign(run.workers, mean_of(run, m));
    }
};

using enum terse::buffer_strategy;

} // namespace

BOOST_AUTO_TEST_SUITE(pr_sgd_m_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for (std::uint64_t seed = 0; seed < 120; ++seed) {
        random_run const run(seed);
        auto const period = run.period + 1;
        for (auto const buffers : {maintain, reset, average}) {
            terse::pr_sgd_m_options const o{.beta = run.beta, .period = period, .buffers = buffers};
            follow_models(run, run.around(terse::pr_sgd_m(o)), paper{run, period, false, buffers});
            follow_models(run, run.around(terse::pr_sgd_m_nesterov(o)), paper{run, period, true, buffers});
        }
        follow_models(run, run.around(terse::pr_sgd_m_cleared({.beta = run.beta, .period = period})),
                      paper{run, period, false, reset});
    }
}

BOOST_AUTO_TEST_CASE(by_default_averages_the_momenta) {
    random_run const run(3);
    auto const is = [&](auto method, auto same) { return mean_trajectory(run, method) == mean_trajectory(run, same); };
    BOOST_TEST(is(terse::pr_sgd_m({.period = 3}), terse::pr_sgd_m({.beta = 0.9, .period = 3, .buffers = average})));
    BOOST_TEST(!is(terse::pr_sgd_m({.period = 3}), terse::pr_sgd_m({.period = 3, .buffers = maintain})));
    BOOST_TEST(!is(terse::pr_sgd_m({.period = 3}), terse::pr_sgd_m_cleared({.period = 3})));
    BOOST_TEST(!is(terse::pr_sgd_m({.period = 3}), terse::pr_sgd_m_nesterov({.period = 3})));
}

// With an average in every round; the momentum of dmsgd is PyTorch's, or the learning rates must be equal.
BOOST_AUTO_TEST_CASE(every_step_is_distributed_momentum_sgd) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        auto const same = [&](char const* what, auto method, auto lockstep) {
            auto const far =
                difference(trajectory(run, run.around(lockstep)), mean_trajectory(run, run.around(method)));
            BOOST_TEST(far <= 1e-9, what << " differs by " << far << " with seed " << seed);
        };
        auto const torch = terse::dmsgd({.beta = run.beta, .lr = terse::momentum_lr::previous});
        for (auto const buffers : {average, maintain})
            same("averaged", terse::pr_sgd_m({.beta = run.beta, .period = 1, .buffers = buffers}), torch);
        same("Nesterov", terse::pr_sgd_m_nesterov({.beta = run.beta, .period = 1}),
             terse::nesterov({.beta = run.beta}));
        same("cleared", terse::pr_sgd_m_cleared({.beta = run.beta, .period = 1}), terse::dsgd());
    }
}

BOOST_AUTO_TEST_CASE(without_momentum_is_local_sgd) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        auto const period = run.period + 1;
        auto const local = mean_trajectory(run, terse::local_sgd({.period = period}));
        BOOST_TEST((mean_trajectory(run, terse::pr_sgd_m({.beta = 0, .period = period})) == local));
        BOOST_TEST((mean_trajectory(run, terse::pr_sgd_m_nesterov({.beta = 0, .period = period})) == local));
    }
}

// The paper's equation 10: mean u_t = beta mean u_{t-1} + mean g_t, mean x_t = mean x_{t-1} - eta mean u_t, whatever
// the period.
BOOST_AUTO_TEST_CASE(means_follow_momentum_sgd_on_the_mean_gradient) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        numbers w = run.start, u = zeros(run), x = run.start, found = zeros(run);
        auto sgd = terse::train(terse::pr_sgd_m({.beta = run.beta, .period = run.period + 1}), run.cluster(), w);
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            numbers gradient = zeros(run);
            for (std::size_t k = 0; k < run.workers; ++k) {
                numbers g = zeros(run);
                run.user_gradient(k, t, numbers(sgd.model(k).begin(), sgd.model(k).end()), g);
                for (std::size_t i = 0; i < run.dimension; ++i) gradient[i] += g[i] / static_cast<double>(run.workers);
            }
            sgd.step(run.lr[t], run.callback());
            for (std::size_t i = 0; i < run.dimension; ++i) {
                u[i] = run.beta * u[i] + gradient[i];
                x[i] -= run.lr[t] * u[i];
            }
            sgd.mean(found);
            require_close("mean x", run, t, x, found, 1e-10);
        }
    }
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
