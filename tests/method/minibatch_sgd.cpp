// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/dsgd.hpp>
#include <terse/method/minibatch_sgd.hpp>

#include "oracle/pieces.hpp"
#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

// w = w - eta mean of all M tau gradients at w.
struct paper {
    random_run const& run;
    std::uint32_t period;
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        auto const g = mean_of_pieces(run, t, period, w);
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * g[i];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(minibatch_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const period = static_cast<std::uint32_t>(1 + run.period);
        follow_pieces(run, run.around(terse::minibatch_sgd({.period = period})), paper{run, period});
    });
}

BOOST_AUTO_TEST_CASE(of_one_gradient_is_distributed_sgd) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        BOOST_TEST((trajectory(run, run.around(terse::minibatch_sgd({.period = 1}))) ==
                    trajectory(run, run.around(terse::dsgd()))));
    });
}

BOOST_AUTO_TEST_CASE(needs_a_gradient) {
    std::vector<double> w(1);
    BOOST_CHECK_THROW(terse::train(terse::minibatch_sgd({.period = 0}), terse::simulated{}, w),
                      terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
