// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/bmuf.hpp>
#include <terse/method/local_sgd.hpp>

#include "oracle/follow_models.hpp"

using namespace oracle;

namespace {

// G = mean x - Wg; Delta = eta Delta + zeta G; W = W + Delta; broadcast Wg = W (classical) or W + eta Delta (Nesterov).
struct paper {
    random_run const& run;
    std::uint64_t tau;
    double eta, zeta;
    bool nesterov;
    std::vector<numbers> x = std::vector<numbers>(run.workers, run.start);
    numbers global = run.start, w = run.start, delta = zeros(run);

    void step(std::uint64_t t, double lr) {
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, x[k]);
            for (std::size_t i = 0; i < run.dimension; ++i) x[k][i] -= lr * g[i];
        }
        if ((t + 1) % tau != 0) return;
        auto const mean = mean_of(run, x);
        for (std::size_t i = 0; i < run.dimension; ++i) {
            delta[i] = eta * delta[i] + zeta * (mean[i] - w[i]);
            global[i] += delta[i];
            w[i] = nesterov ? global[i] + eta * delta[i] : global[i];
        }
        x.assign(run.workers, w);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(bmuf_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for (std::uint64_t seed = 0; seed < 120; ++seed) {
        random_run const run(seed);
        double const eta = 0.9 * uniform({seed, 41}), zeta = 0.3 + uniform({seed, 42});
        terse::bmuf_options const o{.period = run.period + 1, .outer_beta = eta, .zeta = zeta};
        follow_models(run, run.around(terse::bmuf(o)), paper{run, o.period, eta, zeta, false}, 1e-9);
        follow_models(run, run.around(terse::bmuf_nesterov(o)), paper{run, o.period, eta, zeta, true}, 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(without_block_momentum_is_local_sgd) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        auto const local = mean_trajectory(run, terse::local_sgd({.period = 3}));
        BOOST_TEST(difference(local, mean_trajectory(run, terse::bmuf({.period = 3, .outer_beta = 0.0}))) < 1e-9);
        BOOST_TEST(difference(local, mean_trajectory(run, terse::bmuf_nesterov({.period = 3, .outer_beta = 0.0}))) <
                   1e-9);
    }
}

BOOST_AUTO_TEST_SUITE_END()
