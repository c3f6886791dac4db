// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/compressor/sketched_top_k.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/dsgd.hpp>
#include <terse/method/fetch_sgd.hpp>
#include <terse/momentum/no_momentum.hpp>

#include "oracle/follow.hpp"
#include "oracle/sketch.hpp"

using namespace oracle;

namespace {

// FetchSGD: the paper's rule with the learning rate inside the error, or the code's.
struct paper {
    random_run const& run;
    terse::fetch_sgd_options o;
    plain_sketch sketch{run, o.table};
    numbers w = run.start;
    numbers momentum = numbers(sketch.size(), 0.0);
    numbers error = numbers(sketch.size(), 0.0);

    void step(std::uint64_t t, double lr) {
        bool const code = o.after == terse::fetch_top_k::rule::zero;
        for (auto& x : momentum) x *= o.rho.first;
        for (std::size_t k = 0; k < run.workers; ++k)
            sketch.add(1 / static_cast<double>(run.workers), run.gradient(k, t, w), momentum);
        for (std::size_t j = 0; j < error.size(); ++j) error[j] += (code ? 1 : lr) * momentum[j];
        auto const estimate = sketch.estimate(error);
        numbers sent = zeros(run);
        for (auto const i : heaviest(estimate, o.count)) {
            sent[i] = estimate[i];
            w[i] -= (code ? lr : 1) * estimate[i];
            if (code)
                for (std::size_t row = 0; row < o.table.rows; ++row)
                    error[sketch.places(row, i).at] = momentum[sketch.places(row, i).at] = 0;
        }
        if (!code) sketch.add(-1, sent, error);
    }
};

template <class Method, class Same>
void compare(random_run const& run, Method const& method, Same const& same) {
    numbers w[2]{run.start, run.start};
    auto one = terse::train(method, run.cluster(), w[0], {.seed = run.seed});
    auto other = terse::train(same, run.cluster(), w[1]);
    for (std::size_t t = 0; t < run.lr.size(); ++t) {
        one.step(run.lr[t], run.callback());
        other.step(run.lr[t], run.callback());
        require_close("w", run, t, w[1], w[0], 1e-12);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(fetch_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_both_rules) {
    for_many_runs({kind::top_k}, [](random_run const& run) {
        for (auto const rule : {terse::fetch_top_k::rule::subtract, terse::fetch_top_k::rule::zero}) {
            terse::fetch_sgd_options const o{
                .count = run.k, .table = random_table(run), .rho = run.beta, .after = rule};
            // Subtraction leaves rounding in buckets, and where all is known the medians choose among it.
            follow(run, run.around(terse::fetch_sgd(o)), paper{run, o}, 1e-8);
        }
    });
}

BOOST_AUTO_TEST_CASE(without_collisions_and_with_every_coordinate) {
    for_many_runs({kind::top_k}, [](random_run const& run) {
        terse::fetch_sgd_options o{.count = run.dimension, .table = {.columns = 1 << 12}, .rho = run.beta};
        compare(run, terse::fetch_sgd(o), terse::dmsgd({.beta = run.beta, .lr = terse::momentum_lr::previous}));
        o.after = terse::fetch_top_k::rule::zero;
        compare(run, terse::fetch_sgd(o), terse::dsgd());
    });
}

// Finite gradients whose sums are not: a typed error, and the next step is what it would have been without.
BOOST_AUTO_TEST_CASE(sums_that_are_too_large_change_nothing) {
    terse::count_sketch const table{.rows = 3, .columns = 48};
    auto const check = [](auto const& method) {
        numbers w(200, 1.0), v(200, 1.0);
        auto run = terse::train(method, terse::simulated{.workers = 2}, w);
        auto plain = terse::train(method, terse::simulated{.workers = 2}, v);
        auto const good = [](terse::worker_context at, auto x, auto g) {
            for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] * static_cast<double>((i * i + at.worker) % 97);
        };
        run.step(0.01, good), plain.step(0.01, good);
        BOOST_CHECK_THROW(run.step(0.01, [](terse::worker_context, auto, auto g) { std::ranges::fill(g, 1.7e308); }),
                          terse::overflow_error);
        BOOST_TEST((w == v));
        BOOST_TEST(run.round() == 1u);
        run.step(0.01, good), plain.step(0.01, good);
        BOOST_TEST((w == v));
    };
    check(terse::fetch_sgd({.count = 5, .table = table}));
    check(terse::compose(terse::sketched_top_k{.count = 5, .table = table}, terse::no_momentum{},
                         terse::standard_feedback{}));
}

BOOST_AUTO_TEST_CASE(counts_a_sketch_up_and_entries_down) {
    std::vector<float> w(1000, 1);
    auto run = terse::train(terse::fetch_sgd({.count = 10, .table = {.rows = 3, .columns = 160}}),
                            terse::simulated{.workers = 4}, w);
    run.step(0.01, [](terse::worker_context at, auto x, auto g) {
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] * static_cast<float>((i * i + at.worker) % 97);
    });
    BOOST_TEST(run.traffic().total.up == 4 * (32 + 8 + 4 * 3 * 160));
    BOOST_TEST(run.traffic().total.down >= 4 * (32 + 8 + 10 + 4 * 10));
    BOOST_TEST(run.traffic().total.down <= 4 * (32 + 8 + 20 + 4 * 10));
    BOOST_TEST(run.traffic().floats == 4.0 * (3 * 160 + 2 * 10));
}

BOOST_AUTO_TEST_SUITE_END()
