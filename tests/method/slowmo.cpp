// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/bmuf.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/local_sgd.hpp>
#include <terse/method/pr_sgd_m.hpp>
#include <terse/method/slowmo.hpp>

#include "oracle/follow_models.hpp"
#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

enum class base { plain, polyak, nesterov };
using enum terse::buffer_strategy;

// SlowMo paper, Algorithm 1; without the average every worker has its own u and start of the period.
struct paper {
    random_run const& run;
    std::uint64_t tau;
    double alpha, beta;
    base step_of;
    terse::buffer_strategy buffers;
    bool averages = true;
    std::vector<numbers> x = std::vector<numbers>(run.workers, run.start);
    std::vector<numbers> m = zeros_for_each_worker(run);
    std::vector<numbers> u = zeros_for_each_worker(run);
    std::vector<numbers> start = x;

    void step(std::uint64_t t, double gamma) {
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, x[k]);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                m[k][i] = run.beta * m[k][i] + g[i];
                double const d = step_of == base::plain    ? g[i]
                                 : step_of == base::polyak ? m[k][i]
                                                           : g[i] + run.beta * m[k][i];
                x[k][i] -= gamma * d;
            }
        }
        if ((t + 1) % tau != 0) return;
        auto const average_of_all = mean_of(run, x);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const& a = averages ? average_of_all : x[k];
            numbers next = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                u[k][i] = beta * u[k][i] + (start[k][i] - a[i]) / gamma;
                next[i] = start[k][i] - alpha * gamma * u[k][i];
            }
            x[k] = start[k] = next;
        }
        if (buffers == reset) m = zeros_for_each_worker(run);
        if (buffers == average) m.assign(run.workers, mean_of(run, m));
    }
};

struct numbers_of_a_run {
    explicit numbers_of_a_run(random_run const& run)
        : tau(run.period + 1), alpha(0.3 + run.lambda), beta(0.9 * uniform({run.seed, 31})) {}
    std::uint64_t tau;
    double alpha, beta;
};

double far(random_run const& run, auto a, auto b) {
    return difference(mean_trajectory(run, a), mean_trajectory(run, b));
}

} // namespace

BOOST_AUTO_TEST_SUITE(slowmo_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        auto const [tau, alpha, beta] = numbers_of_a_run(run);
        for (auto const buffers : {reset, maintain, average}) {
            terse::slowmo_options const o{
                .period = tau, .alpha = alpha, .outer_beta = beta, .beta = run.beta, .buffers = buffers};
            auto const check = [&, tau = tau, alpha = alpha, beta = beta](auto method, base step, bool averages) {
                follow_models(run, run.around(method), paper{run, tau, alpha, beta, step, buffers, averages}, 1e-9);
            };
            check(terse::slowmo(terse::plain_step{}, o), base::plain, true);
            check(terse::slowmo(terse::polyak_step{.beta = run.beta}, o), base::polyak, true);
            check(terse::slowmo(o), base::nesterov, true);
            if (buffers == average) continue;
            check(terse::slowmo_no_average(terse::polyak_step{.beta = run.beta}, o), base::polyak, false);
            check(terse::slowmo_no_average(terse::plain_step{}, o), base::plain, false);
        }
    }
}

BOOST_AUTO_TEST_CASE(identities) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        auto const [tau, alpha, beta] = numbers_of_a_run(run);
        auto const polyak = terse::polyak_step{.beta = run.beta};
        for (auto const buffers : {reset, maintain, average}) // no outer momentum: the base with averages
            BOOST_TEST(far(run, terse::slowmo(polyak, {.period = tau, .outer_beta = 0.0, .buffers = buffers}),
                           terse::pr_sgd_m({.beta = run.beta, .period = tau, .buffers = buffers})) < 1e-9);
        BOOST_TEST(far(run, terse::slowmo(terse::plain_step{}, {.period = tau, .outer_beta = 0.0}),
                       terse::local_sgd({.period = tau})) < 1e-9);
        // An outer step after every step is momentum SGD, PyTorch's.
        BOOST_TEST(difference(trajectory(run, terse::dmsgd({.beta = beta, .lr = terse::momentum_lr::previous})),
                              trajectory(run, terse::slowmo(terse::plain_step{}, {.period = 1, .outer_beta = beta}))) <
                   1e-9);
        // Block momentum does not divide by the learning rate.
        auto const steady = at_constant_rate(run);
        auto const block = terse::bmuf({.period = tau, .outer_beta = beta});
        auto const slow = terse::slowmo(terse::plain_step{}, {.period = tau, .outer_beta = beta});
        BOOST_TEST(far(steady, block, slow) < 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(lookahead) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run run(seed);
        run.workers = 1;
        numbers w = run.start, fast = w, slow = w;
        auto sgd = terse::train(terse::lookahead({.period = 4, .alpha = run.lambda}), run.cluster(), w);
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            sgd.step(run.lr[t], run.callback());
            numbers g = zeros(run);
            run.user_gradient(0, t, fast, g);
            for (std::size_t i = 0; i < run.dimension; ++i) fast[i] -= run.lr[t] * g[i];
            if ((t + 1) % 4 == 0)
                for (std::size_t i = 0; i < run.dimension; ++i) fast[i] = slow[i] += run.lambda * (fast[i] - slow[i]);
            require_close("x", run, t, fast, sgd.model(0), 1e-10);
        }
    }
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(refuses) {
    numbers w{1};
    auto const refused = [&](auto method) {
        BOOST_CHECK_THROW(terse::train(method, terse::simulated{}, w), terse::configuration_error);
    };
    refused(terse::slowmo({.period = 0}));
    refused(terse::slowmo({.alpha = -1.0}));
    refused(terse::slowmo({.outer_beta = 1.1}));
    refused(terse::slowmo_no_average(terse::plain_step{}, {.buffers = average}));
    refused(terse::bmuf({.zeta = 0}));
    refused(terse::bmuf_nesterov({.outer_beta = -0.1}));
}

BOOST_AUTO_TEST_SUITE_END()
