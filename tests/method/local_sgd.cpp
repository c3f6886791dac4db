// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/cluster/solo.hpp>
#include <terse/method/local_sgd.hpp>

#include "oracle/follow_models.hpp"

using namespace oracle;

namespace {

// x_k <- x_k - eta g_k; in rounds with tau | t + 1 then x_k <- mean x_j.
struct paper {
    random_run const& run;
    std::uint64_t tau;
    std::vector<numbers> x = std::vector<numbers>(run.workers, run.start);
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, x[k]);
            for (std::size_t i = 0; i < run.dimension; ++i) x[k][i] -= lr * g[i];
        }
        if ((t + 1) % tau != 0) return;
        w = mean_of(run, x);
        for (auto& model : x) model = w;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(local_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
        random_run const run(seed);
        auto const tau = run.period + 1;
        follow_models(run, run.around(terse::local_sgd({.period = tau})), paper{run, tau});
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_period_of_0) {
    numbers w{1, 2};
    BOOST_CHECK_THROW(terse::train(terse::local_sgd({.period = 0}), terse::solo{}, w), terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
