// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/dmsgd_local.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// GMC paper, equations (4)-(6).
struct paper {
    random_run const& run;
    numbers w = run.start;
    std::vector<numbers> u = zeros_for_each_worker(run);

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                u[k][i] = run.beta * u[k][i] + g[i];
                mean[i] += u[k][i] / static_cast<double>(run.workers);
            }
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(dmsgd_local_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        follow(run, run.around(terse::dmsgd_local({.beta = run.beta})), paper{run});
    });
}

BOOST_AUTO_TEST_SUITE_END()
