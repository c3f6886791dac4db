// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/nesterov.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// Buffers: u = beta u + g, v = beta u + g, w = w - eta v.
struct paper {
    random_run const& run;
    numbers w = run.start;
    numbers u = zeros(run);

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += g[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            u[i] = run.beta * u[i] + mean[i];
            w[i] -= lr * (run.beta * u[i] + mean[i]);
        }
    }
};

// Nesterov's own: y_{t+1} = w_t - eta g, w_{t+1} = y_{t+1} + beta (y_{t+1} - y_t).
struct classic {
    random_run const& run;
    numbers w = run.start;
    numbers y = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += g[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            double const next = w[i] - lr * mean[i];
            w[i] = next + run.beta * (next - y[i]);
            y[i] = next;
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(nesterov_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        follow(run, run.around(terse::nesterov({.beta = run.beta})), paper{run});
    });
}

BOOST_AUTO_TEST_CASE(is_the_classic_form_at_a_constant_rate) {
    for_many_runs({kind::identity}, [](random_run run) {
        std::fill(run.lr.begin(), run.lr.end(), run.lr.front());
        follow(run, run.around(terse::nesterov({.beta = run.beta})), classic{run});
    });
}

BOOST_AUTO_TEST_SUITE_END()
