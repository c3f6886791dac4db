// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/saef.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// SAEF paper, Algorithm 1: in rounds with p | t + 1 first e_k = mean e_j; g_k at x - e_k; then as error feedback, one
// way or both ways.
template <bool both_ways>
struct paper {
    random_run const& run;
    numbers w = run.start;
    std::vector<numbers> m = zeros_for_each_worker(run);
    std::vector<numbers> e = zeros_for_each_worker(run);
    numbers e_server = zeros(run);

    void step(std::uint64_t t, double lr) {
        if (run.period != 0 && (t + 1) % run.period == 0) {
            numbers average = zeros(run);
            for (auto const& residual : e)
                for (std::size_t i = 0; i < run.dimension; ++i)
                    average[i] += residual[i] / static_cast<double>(run.workers);
            for (auto& residual : e) residual = average;
        }
        numbers sum = e_server;
        for (std::size_t k = 0; k < run.workers; ++k) {
            numbers y = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i) y[i] = w[i] - e[k][i];
            auto const g = run.gradient(k, t, y);
            numbers h = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                m[k][i] = run.beta * m[k][i] + g[i];
                h[i] = e[k][i] + lr * m[k][i];
            }
            auto const c = run.compress(h, t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < run.dimension; ++i) {
                e[k][i] = h[i] - c.value[i];
                sum[i] += c.value[i] / static_cast<double>(run.workers);
            }
        }
        auto const broadcast = both_ways ? run.compress(sum, t, terse::shared_by_all).value : sum;
        for (std::size_t i = 0; i < run.dimension; ++i) {
            e_server[i] = sum[i] - broadcast[i];
            w[i] -= broadcast[i];
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(saef_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper_one_way) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const method = terse::saef(run.library_compressor(), {.beta = run.beta, .period = run.period});
        follow(run, run.around(method), paper<false>{run});
    });
    for_many_runs({kind::top_k}, [](random_run const& run) {
        auto const method = terse::saef({.count = run.k, .beta = run.beta, .period = run.period});
        follow(run, run.around(method), paper<false>{run});
    });
}

BOOST_AUTO_TEST_CASE(follows_the_paper_both_ways) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const method = terse::saef_dc(run.library_compressor(), {.beta = run.beta, .period = run.period});
        follow(run, run.around(method), paper<true>{run});
    });
    for_many_runs({kind::top_k}, [](random_run const& run) {
        auto const method = terse::saef_dc({.count = run.k, .beta = run.beta, .period = run.period});
        follow(run, run.around(method), paper<true>{run});
    });
}

BOOST_AUTO_TEST_CASE(follows_the_paper_without_momentum_and_without_averaging) {
    for_many_runs(every_kind, [](random_run run) {
        run.beta = 0;
        run.period = 0;
        follow(run, run.around(terse::saef(run.library_compressor(), {.beta = 0})), paper<false>{run});
        follow(run, run.around(terse::saef_dc(run.library_compressor(), {.beta = 0})), paper<true>{run});
    });
}

BOOST_AUTO_TEST_SUITE_END()
