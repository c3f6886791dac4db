// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/gmc_plus.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// GMC paper, Algorithm 2: Algorithm 1 with g_k taken at w_t - lambda eta e_k, eta being the rate that left e_k behind.
struct paper {
    random_run const& run;
    bool previous;
    numbers w = run.start;
    numbers before = run.start;
    std::vector<numbers> e = zeros_for_each_worker(run);
    double last_lr = 0;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        double const eta = previous && t > 0 ? last_lr : lr;
        for (std::size_t k = 0; k < run.workers; ++k) {
            numbers x = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i) x[i] = w[i] - run.lambda * last_lr * e[k][i];
            auto const g = run.gradient(k, t, x);
            numbers h = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i) h[i] = e[k][i] + g[i] - run.beta / eta * (w[i] - before[i]);
            auto const c = run.compress(h, t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < run.dimension; ++i) {
                e[k][i] = h[i] - c.value[i];
                mean[i] += c.value[i] / static_cast<double>(run.workers);
            }
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            before[i] = w[i];
            w[i] -= lr * mean[i];
        }
        last_lr = lr;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(gmc_plus_tests)

BOOST_AUTO_TEST_CASE(follows_algorithm_2_with_the_current_rate) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const method = terse::gmc_plus(run.library_compressor(), {.beta = run.beta, .lambda = run.lambda});
        follow(run, run.around(method), paper{run, false});
    });
}

BOOST_AUTO_TEST_CASE(follows_algorithm_2_with_the_previous_rate) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const method = terse::gmc_plus(
            run.library_compressor(), {.beta = run.beta, .lambda = run.lambda, .lr = terse::momentum_lr::previous});
        follow(run, run.around(method), paper{run, true});
    });
}

BOOST_AUTO_TEST_CASE(compresses_by_top_k_by_default) {
    for_many_runs({kind::top_k}, [](random_run const& run) {
        auto const method = terse::gmc_plus({.count = run.k, .beta = run.beta, .lambda = run.lambda});
        follow(run, run.around(method), paper{run, false});
    });
}

BOOST_AUTO_TEST_SUITE_END()
