// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/dsgd.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

struct paper {
    random_run const& run;
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += g[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(dsgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::identity}, [](random_run const& run) { follow(run, run.around(terse::dsgd()), paper{run}); });
}

BOOST_AUTO_TEST_SUITE_END()
