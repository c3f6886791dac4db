// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>

#include <terse/method/inner_outer_sgd.hpp>
#include <terse/method/minibatch_sgd.hpp>

#include "oracle/pieces.hpp"

using namespace oracle;

namespace {

// x_0 = w, x_{j+1} = x_j - eta_in g, w = w - eta_out mean_k sum_j g. Without eta_in: of the round.
struct paper {
    random_run const& run;
    std::uint32_t period;
    double inner = -1;
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            numbers x = w;
            for (std::uint32_t j = 0; j < period; ++j) {
                numbers g(run.dimension);
                run.user_gradient(k, t * period + j, x, g);
                for (std::size_t i = 0; i < run.dimension; ++i) {
                    x[i] -= (inner < 0 ? lr : inner) * g[i];
                    mean[i] += g[i] / static_cast<double>(run.workers);
                }
            }
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

// Every worker takes its steps, and all go on from the mean of their models.
struct local_sgd {
    random_run const& run;
    std::uint32_t period;
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            numbers x = w;
            for (std::uint32_t j = 0; j < period; ++j) {
                numbers g(run.dimension);
                run.user_gradient(k, t * period + j, x, g);
                for (std::size_t i = 0; i < run.dimension; ++i) x[i] -= lr * g[i];
            }
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += x[i] / static_cast<double>(run.workers);
        }
        w = mean;
    }
};

std::uint32_t period_of(random_run const& run) { return static_cast<std::uint32_t>(1 + run.period); }

} // namespace

BOOST_AUTO_TEST_SUITE(inner_outer_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const period = period_of(run);
        double const inner = 0.1 * uniform({run.seed, 78});
        follow_pieces(run, terse::inner_outer_sgd({.period = period, .inner_lr = inner}), paper{run, period, inner});
        follow_pieces(run, terse::inner_outer_sgd({.period = period}), paper{run, period});
    });
}

BOOST_AUTO_TEST_CASE(with_equal_step_sizes_is_local_sgd) {
    for_many_runs({kind::identity}, [](random_run run) {
        run.lr.assign(run.lr.size(), run.lr.front());
        auto const period = period_of(run);
        follow_pieces(run, terse::inner_outer_sgd({.period = period, .inner_lr = run.lr.front()}),
                      local_sgd{run, period});
    });
}

BOOST_AUTO_TEST_CASE(without_a_choice_is_local_sgd_at_any_rates) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        follow_pieces(run, terse::inner_outer_sgd({.period = period_of(run)}), local_sgd{run, period_of(run)});
    });
}

BOOST_AUTO_TEST_CASE(with_inner_rate_zero_is_minibatch_sgd_with_a_rate_times_the_period) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const period = period_of(run);
        numbers w = run.start, v = run.start;
        auto zero = terse::train(terse::inner_outer_sgd({.period = period, .inner_lr = 0.0}), run.cluster(), w);
        auto minibatch = terse::train(terse::minibatch_sgd({.period = period}), run.cluster(), v);
        auto const gradient = [&](terse::worker_context at, auto x, auto g) {
            run.user_gradient(at.worker, at.gradient(), x, g);
        };
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            zero.step(run.lr[t] / 4, gradient);
            minibatch.step(run.lr[t] / 4 * period, gradient);
            require_close("w", run, t, v, w, 1e-10);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_schedule_of_the_inner_rate_goes_by_rounds) {
    random_run const run(4, kind::identity);
    struct falling : paper {
        void step(std::uint64_t t, double lr) {
            inner = 0.03 * (1 - static_cast<double>(t) / 20);
            if (t >= 20) inner = 0;
            paper::step(t, lr);
        }
    };
    follow_pieces(run, terse::inner_outer_sgd({.period = 4, .inner_lr = terse::schedule::linear(0.03, 0, 20)}),
                  falling{{run, 4}});
}

BOOST_AUTO_TEST_CASE(refuses_rates_that_are_none) {
    std::vector<double> w(1);
    for (double const bad : {-0.1, double(NAN), double(INFINITY)})
        BOOST_CHECK_THROW(terse::train(terse::inner_outer_sgd({.inner_lr = bad}), terse::simulated{}, w),
                          terse::configuration_error);
    BOOST_CHECK_THROW(terse::train(terse::inner_outer_sgd({.period = 0}), terse::simulated{}, w),
                      terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
