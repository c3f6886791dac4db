// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/gmc_lr_inside.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// GMC paper, Algorithm 4: c_k = C(e_k + eta g_k - beta (w_t - w_{t-1})), w_{t+1} = w_t - mean c_k.
struct paper {
    random_run const& run;
    bool previous;
    numbers w = run.start;
    numbers before = run.start;
    std::vector<numbers> e = zeros_for_each_worker(run);
    double last_lr = 0;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        double const ratio = previous && t > 0 ? lr / last_lr : 1;
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            numbers h = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i)
                h[i] = e[k][i] + lr * g[i] - run.beta * ratio * (w[i] - before[i]);
            auto const c = run.compress(h, t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < run.dimension; ++i) {
                e[k][i] = h[i] - c.value[i];
                mean[i] += c.value[i] / static_cast<double>(run.workers);
            }
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            before[i] = w[i];
            w[i] -= mean[i];
        }
        last_lr = lr;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(gmc_lr_inside_tests)

BOOST_AUTO_TEST_CASE(follows_algorithm_4_with_the_current_rate) {
    for_many_runs(every_kind, [](random_run const& run) {
        follow(run, run.around(terse::gmc_lr_inside(run.library_compressor(), {.beta = run.beta})), paper{run, false});
    });
}

BOOST_AUTO_TEST_CASE(follows_algorithm_4_with_the_previous_rate) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const method =
            terse::gmc_lr_inside(run.library_compressor(), {.beta = run.beta, .lr = terse::momentum_lr::previous});
        follow(run, run.around(method), paper{run, true});
    });
}

BOOST_AUTO_TEST_CASE(compresses_by_top_k_by_default) {
    for_many_runs({kind::top_k}, [](random_run const& run) {
        follow(run, run.around(terse::gmc_lr_inside({.count = run.k, .beta = run.beta})), paper{run, false});
    });
}

BOOST_AUTO_TEST_SUITE_END()
