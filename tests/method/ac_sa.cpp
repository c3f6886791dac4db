// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>

#include <terse/cluster/solo.hpp>
#include <terse/feedback/detached_feedback.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/method/ac_sa.hpp>
#include <terse/method/dsgd.hpp>
#include <terse/method/minibatch_sgd.hpp>
#include <terse/method/nesterov.hpp>

#include "oracle/pieces.hpp"
#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

// Lan: md = w/b + (1 - 1/b) ag; w = w - gam_t g; ag = w/b + (1 - 1/b) ag. `last` is the other form of the last line.
struct convex {
    random_run const& run;
    std::uint32_t period;
    double constant = 0;
    bool last = false;
    numbers w = run.start; // ag, the output
    numbers z = run.start; // the paper's w

    void step(std::uint64_t round, double lr) {
        double const t = static_cast<double>(round) + 1;
        double const b = constant != 0 ? constant : (t + 1) / 2;
        double const gam = constant != 0 ? lr : lr * (t + 1) / 2;
        numbers md(run.dimension);
        for (std::size_t i = 0; i < run.dimension; ++i) md[i] = z[i] / b + (1 - 1 / b) * w[i];
        auto const g = mean_of_pieces(run, round, period, md);
        for (std::size_t i = 0; i < run.dimension; ++i) {
            z[i] -= gam * g[i];
            w[i] = last ? md[i] - gam / b * g[i] : z[i] / b + (1 - 1 / b) * w[i];
        }
    }
};

// ag = md - eta g; w = (1 - 1/a) w + (1/a) md - gam g.
struct strongly_convex {
    random_run const& run;
    std::uint32_t period;
    double mu;
    numbers w = run.start;
    numbers z = run.start;

    void step(std::uint64_t round, double eta) {
        double const gam = std::sqrt(eta / mu);
        double const a = 1 / (gam * mu);
        double const b = a + 1;
        numbers md(run.dimension);
        for (std::size_t i = 0; i < run.dimension; ++i) md[i] = z[i] / b + (1 - 1 / b) * w[i];
        auto const g = mean_of_pieces(run, round, period, md);
        for (std::size_t i = 0; i < run.dimension; ++i) {
            w[i] = md[i] - eta * g[i];
            z[i] = (1 - 1 / a) * z[i] + md[i] / a - gam * g[i];
        }
    }
};

// The points where gradients are taken, one for each round.
template <class Method>
numbers points(random_run const& run, Method const& method, double factor) {
    numbers w = run.start;
    numbers all;
    auto sgd = terse::train(method, run.cluster(), w, {.seed = run.seed});
    for (double const lr : run.lr)
        sgd.step(factor * lr, [&](terse::worker_context at, auto x, auto g) {
            run.user_gradient(at.worker, at.round, x, g);
            if (at.worker == 0) all.insert(all.end(), x.begin(), x.end());
        });
    return all;
}

double some(random_run const& run, std::uint64_t which) { return uniform({run.seed, 77, which}); }

} // namespace

BOOST_AUTO_TEST_SUITE(ac_sa_tests)

BOOST_AUTO_TEST_CASE(follows_the_convex_schedule_in_both_forms) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const period = static_cast<std::uint32_t>(1 + run.period);
        for (bool const last : {false, true})
            follow_pieces(run, run.around(terse::ac_sa({.period = period})), convex{run, period, 0, last}, 0.1);
    });
}

BOOST_AUTO_TEST_CASE(follows_any_constant_weight) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const period = static_cast<std::uint32_t>(1 + run.period);
        double const b = 1 + 9 * some(run, 0);
        follow_pieces(run, run.around(terse::ac_sa({.period = period, .weight = b})), convex{run, period, b}, 1);
    });
}

BOOST_AUTO_TEST_CASE(follows_the_strongly_convex_schedule) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const period = static_cast<std::uint32_t>(1 + run.period);
        double const mu = 0.05 + 5 * some(run, 1);
        follow_pieces(run, run.around(terse::ac_sa({.period = period, .strong_convexity = mu})),
                      strongly_convex{run, period, mu}, 1);
    });
}

BOOST_AUTO_TEST_CASE(of_weight_one_is_plain_minibatch_sgd) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const plain = trajectory(run, run.around(terse::minibatch_sgd({.period = 3})));
        auto const weight_one = trajectory(run, run.around(terse::ac_sa({.period = 3, .weight = 1})));
        BOOST_TEST((plain == weight_one)); // the same bits
    });
}

// md_{t+1} = ag_{t+1} + (1 - 1/b) (ag_{t+1} - ag_t) and ag_{t+1} = md_t - (gam/b) g: Nesterov's method with beta = 1 -
// 1/b.
BOOST_AUTO_TEST_CASE(of_constant_weight_takes_gradients_where_nesterov_does) {
    for_many_runs({kind::identity}, [](random_run run) {
        run = at_constant_rate(run);
        double const b = 1 + 9 * some(run, 2);
        auto const md = points(run, run.around(terse::ac_sa({.period = 1, .weight = b})), b);
        auto const w = points(run, run.around(terse::nesterov({.beta = 1 - 1 / b})), 1);
        require_close("the point", run, 0, w, md, 1e-9);
    });
}

// 1/(2L) is stable, and then the error falls like 1/t^2 where that of plain SGD falls like 1/t.
BOOST_AUTO_TEST_CASE(is_faster_than_plain_sgd_where_the_noise_is_small) {
    constexpr std::size_t d = 60;
    auto const loss_after_200 = [](auto method, double lr) {
        std::vector<double> w(d, 1);
        auto sgd = terse::train(method, terse::simulated{.workers = 2}, w);
        for (int t = 0; t < 200; ++t)
            sgd.step(lr, [](terse::worker_context, auto x, auto g) {
                for (std::size_t i = 0; i < d; ++i) g[i] = x[i] / static_cast<double>((i + 1) * (i + 1));
            });
        double f = 0;
        for (std::size_t i = 0; i < d; ++i) f += w[i] * w[i] / static_cast<double>(2 * (i + 1) * (i + 1));
        return f;
    };
    auto const plain = loss_after_200(terse::dsgd(), 1);
    auto const accelerated = loss_after_200(terse::ac_sa({.period = 1}), 0.5);
    BOOST_TEST(accelerated < plain / 3);
}

BOOST_AUTO_TEST_CASE(with_a_compressor_and_feedback_takes_gradients_on_the_way_from_md) {
    // Everything is sent, so the residual stays 0: the same bits with a feedback that moves the point.
    random_run const run(3, kind::identity);
    auto const detached = terse::compose(terse::identity{}, terse::accelerated_momentum{}, terse::detached_feedback{});
    require_close("w", run, 0, trajectory(run, terse::ac_sa({.period = 1})), trajectory(run, detached), 1e-12);
    // Residuals in units of the model: scale is 1 there.
    auto const in_model = terse::compose(terse::identity{}, terse::accelerated_momentum{},
                                         terse::standard_feedback{.units = terse::units::model});
    require_close("w", run, 0, trajectory(run, terse::ac_sa({.period = 1})), trajectory(run, in_model), 1e-12);
}

BOOST_AUTO_TEST_CASE(refuses_what_does_not_fit_before_anything_changes) {
    std::vector<double> w(3, 1);
    auto const starts = [&](terse::ac_sa_options o) { terse::train(terse::ac_sa(o), terse::solo{}, w); };
    BOOST_CHECK_THROW(starts({.period = 0}), terse::configuration_error);
    BOOST_CHECK_THROW(starts({.strong_convexity = -1}), terse::configuration_error);
    BOOST_CHECK_THROW(starts({.strong_convexity = NAN}), terse::configuration_error);
    BOOST_CHECK_THROW(starts({.weight = 0.5}), terse::configuration_error);
    BOOST_CHECK_THROW(starts({.weight = INFINITY}), terse::configuration_error);
    BOOST_CHECK_THROW(starts({.strong_convexity = 1, .weight = 2}), terse::configuration_error);

    auto sgd = terse::train(terse::ac_sa({.strong_convexity = 2}), terse::simulated{.workers = 3}, w);
    auto const gradient = [](terse::worker_context, auto x, auto g) { g[0] = g[1] = g[2] = x[0]; };
    sgd.step(0.5, gradient); // eta mu = 1
    auto const before = w;
    BOOST_CHECK_THROW(sgd.step(0.51, gradient), terse::configuration_error);
    BOOST_TEST((w == before));
    BOOST_TEST(sgd.round() == 1u);
    sgd.step(0.1, gradient);
    BOOST_TEST(sgd.round() == 2u);
}

BOOST_AUTO_TEST_CASE(sends_one_vector_a_round_whatever_the_period) {
    for (std::uint32_t const period : {1u, 5u}) {
        std::vector<float> w(10, 1);
        auto sgd = terse::train(terse::ac_sa({.period = period}), terse::simulated{.workers = 4}, w);
        auto plain_w = w;
        auto plain = terse::train(terse::dsgd(), terse::simulated{.workers = 4}, plain_w);
        auto const gradient = [](terse::worker_context, auto x, auto g) {
            for (std::size_t i = 0; i < 10; ++i) g[i] = x[i];
        };
        for (int t = 0; t < 3; ++t) {
            sgd.step(0.01, gradient);
            plain.step(0.01, gradient);
        }
        BOOST_TEST(sgd.traffic().total.up == plain.traffic().total.up);
        BOOST_TEST(sgd.traffic().total.down == plain.traffic().total.down);
        BOOST_TEST(sgd.traffic().total.up > 3u * 4 * 10 * 4);
    }
}

BOOST_AUTO_TEST_SUITE_END()
