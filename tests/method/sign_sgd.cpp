// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/sign_sgd.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// x = x - eta mean (|g_k|_1 / d) sign(g_k).
struct paper {
    random_run const& run;
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            double length = 0;
            for (double const x : g) length += std::fabs(x);
            for (std::size_t i = 0; i < run.dimension; ++i)
                mean[i] += (g[i] < 0 ? -length : length) / static_cast<double>(run.dimension * run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(sign_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::sign}, [](random_run const& run) { follow(run, run.around(terse::sign_sgd()), paper{run}); });
}

BOOST_AUTO_TEST_SUITE_END()
