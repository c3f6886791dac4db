// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

#include <terse/cluster/simulated.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/momentum/no_momentum.hpp>
#include <terse/work/local_steps.hpp>
#include <terse/work/one_gradient.hpp>

#include "oracle/trajectory.hpp"

using namespace oracle;
using terse::cpu;

namespace {

struct gradient_of_run {
    random_run const& run;
    std::vector<std::uint32_t> steps{};

    void operator()(terse::worker_context at, terse::view<cpu, double const> x, terse::view<cpu, double> g) {
        steps.push_back(at.local_step);
        run.user_gradient(at.worker, at.round + 100 * at.local_step, x, g);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(local_steps_tests)

static_assert(terse::Work<terse::local_steps, cpu, float>);
static_assert(terse::Work<terse::local_steps, cpu, double>);
static_assert(terse::Work<terse::one_gradient, cpu, float>);
static_assert(terse::Work<terse::one_gradient, cpu, double>);

BOOST_AUTO_TEST_CASE(contributes_the_distance_walked_over_the_rate) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed, kind::identity);
        auto const d = run.dimension;
        double const lr = run.lr[0];
        for (std::uint32_t count = 1; count < 6; ++count) {
            gradient_of_run gradient{run};
            numbers x = run.start;
            numbers g(d);
            terse::scratch<cpu> temporary;
            terse::worker_context at;
            at.round = 7;
            terse::local_steps{.count = count}.contribute(gradient, at, terse::view<cpu, double const>(x.data(), d),
                                                          terse::view<cpu, double>(g.data(), d), lr, temporary);
            BOOST_TEST(gradient.steps.size() == count);
            for (std::uint32_t j = 0; j < count; ++j) BOOST_TEST(gradient.steps[j] == j);

            numbers y = x;
            for (std::uint32_t j = 0; j < count; ++j) {
                numbers step(d);
                run.user_gradient(0, 7 + 100 * j, y, step);
                for (std::size_t i = 0; i < d; ++i) y[i] -= lr * step[i];
            }
            numbers walked(d);
            for (std::size_t i = 0; i < d; ++i) walked[i] = (x[i] - y[i]) / lr;
            BOOST_TEST(difference(walked, g) < 1e-11);
            BOOST_TEST((x == run.start));
        }
    }
}

BOOST_AUTO_TEST_CASE(one_step_is_one_gradient) {
    random_run const run(5, kind::identity);
    auto const with = [](auto work) {
        return terse::compose(terse::identity{}, terse::no_momentum{}, terse::no_feedback{}, terse::uncompressed{},
                              work);
    };
    BOOST_TEST((trajectory(run, with(terse::local_steps{})) == trajectory(run, with(terse::one_gradient{}))));
}

BOOST_AUTO_TEST_CASE(a_round_of_local_steps_averages_the_local_models) {
    random_run const run(6, kind::identity);
    numbers w = run.start;
    auto sgd = terse::train(terse::compose(terse::identity{}, terse::no_momentum{}, terse::no_feedback{},
                                           terse::uncompressed{}, terse::local_steps{.count = 3}),
                            run.cluster(), w);
    numbers expected = run.start;
    for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
        sgd.step(run.lr[t], gradient_of_run{run});
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            numbers y = expected;
            for (std::uint64_t j = 0; j < 3; ++j) {
                numbers g(run.dimension);
                run.user_gradient(k, t + 100 * j, y, g);
                for (std::size_t i = 0; i < run.dimension; ++i) y[i] -= run.lr[t] * g[i];
            }
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += y[i] / static_cast<double>(run.workers);
        }
        expected = mean;
        require_close("w", run, t, expected, w, 1e-11);
    }
}

BOOST_AUTO_TEST_CASE(count_is_at_least_one) {
    BOOST_CHECK_THROW(terse::local_steps{.count = 0}.validate(1), terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
