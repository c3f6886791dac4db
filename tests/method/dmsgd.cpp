// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/dmsgd.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// GMC paper, equation (3): w_{t+1} = w_t - eta g + beta (w_t - w_{t-1}).
struct heavy_ball {
    random_run const& run;
    numbers w = run.start;
    numbers before = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += g[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            double const next = w[i] - lr * mean[i] + run.beta * (w[i] - before[i]);
            before[i] = w[i];
            w[i] = next;
        }
    }
};

// PyTorch: m = beta m + g, w = w - eta m.
struct torch {
    random_run const& run;
    numbers w = run.start;
    numbers m = zeros(run);

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += g[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            m[i] = run.beta * m[i] + mean[i];
            w[i] -= lr * m[i];
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(dmsgd_tests)

BOOST_AUTO_TEST_CASE(is_heavy_ball) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        follow(run, run.around(terse::dmsgd({.beta = run.beta})), heavy_ball{run});
    });
}

BOOST_AUTO_TEST_CASE(with_the_previous_rate_is_torch) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        follow(run, run.around(terse::dmsgd({.beta = run.beta, .lr = terse::momentum_lr::previous})), torch{run});
    });
}

BOOST_AUTO_TEST_SUITE_END()
