// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/overlap_local_sgd.hpp>

#include "oracle/follow_models.hpp"

using namespace oracle;

namespace {

// The authors' code: x_i = (1 - a) x_i + a z; then v = b v + (z - mean x_i) / gamma; z = z - gamma v.
struct paper {
    random_run const& run;
    std::uint64_t tau;
    double a, b;
    bool momentum;
    std::vector<numbers> x = std::vector<numbers>(run.workers, run.start);
    std::vector<numbers> m = zeros_for_each_worker(run);
    numbers w = run.start, v = zeros(run);

    void step(std::uint64_t t, double gamma) {
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, x[k]);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                m[k][i] = run.beta * m[k][i] + g[i];
                x[k][i] -= gamma * (momentum ? g[i] + run.beta * m[k][i] : g[i]);
            }
        }
        if ((t + 1) % tau != 0) return;
        for (auto& model : x)
            for (std::size_t i = 0; i < run.dimension; ++i) model[i] = (1 - a) * model[i] + a * w[i];
        auto const mean = mean_of(run, x);
        for (std::size_t i = 0; i < run.dimension; ++i) {
            v[i] = (momentum ? b * v[i] : 0) + (w[i] - mean[i]) / gamma;
            w[i] -= gamma * v[i];
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(overlap_local_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_authors_code) {
    for (std::uint64_t seed = 0; seed < 120; ++seed) {
        random_run const run(seed);
        double const b = 0.8 * uniform({seed, 51});
        auto const tau = run.period + 1;
        follow_models(run, run.around(terse::overlap_local_sgd({.period = tau, .pull = run.lambda})),
                      paper{run, tau, run.lambda, 0, false}, 1e-9);
        follow_models(run,
                      run.around(terse::overlap_local_sgd_m(
                          {.period = tau, .pull = run.lambda, .outer_beta = b, .beta = run.beta})),
                      paper{run, tau, run.lambda, b, true}, 1e-9);
    }
}

// y = (1 - a) mean x + a z moves by -(1 - a) gamma mean g in every step, and an average does not change it.
BOOST_AUTO_TEST_CASE(keeps_the_mean_of_models_and_anchor) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        numbers w = run.start, y = run.start, found = zeros(run);
        double const a = run.lambda;
        auto sgd = terse::train(terse::overlap_local_sgd({.period = run.period + 1, .pull = a}), run.cluster(), w);
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            for (std::size_t k = 0; k < run.workers; ++k) {
                numbers g = zeros(run);
                run.user_gradient(k, t, numbers(sgd.model(k).begin(), sgd.model(k).end()), g);
                for (std::size_t i = 0; i < run.dimension; ++i)
                    y[i] -= (1 - a) * run.lr[t] * g[i] / static_cast<double>(run.workers);
            }
            sgd.step(run.lr[t], run.callback());
            sgd.mean(found);
            for (std::size_t i = 0; i < run.dimension; ++i) found[i] = (1 - a) * found[i] + a * w[i];
            require_close("y", run, t, y, found, 1e-9);
        }
    }
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(refuses_a_pull_beyond_1) {
    numbers w{1};
    BOOST_CHECK_THROW(terse::train(terse::overlap_local_sgd({.pull = 1.5}), terse::simulated{}, w),
                      terse::configuration_error);
    BOOST_CHECK_THROW(terse::train(terse::overlap_local_sgd_m({.outer_beta = 1.5}), terse::simulated{}, w),
                      terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
