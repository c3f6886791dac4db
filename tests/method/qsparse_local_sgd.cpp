// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/local_sgd.hpp>
#include <terse/method/qsparse_local_sgd.hpp>

#include "oracle/follow_models.hpp"

using namespace oracle;

namespace {

// In rounds with H | t + 1: e_k += x_k - w; c_k = C(e_k); e_k -= c_k; w += mean c; x_k = w.
struct paper {
    random_run const& run;
    std::uint64_t period;
    std::vector<numbers> x = std::vector<numbers>(run.workers, run.start);
    std::vector<numbers> e = zeros_for_each_worker(run);
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, x[k]);
            for (std::size_t i = 0; i < run.dimension; ++i) x[k][i] -= lr * g[i];
        }
        if ((t + 1) % period != 0) return;
        numbers next = w;
        for (std::size_t k = 0; k < run.workers; ++k) {
            for (std::size_t i = 0; i < run.dimension; ++i) e[k][i] += x[k][i] - w[i];
            auto const c = run.compress(e[k], t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < run.dimension; ++i) {
                e[k][i] -= c.value[i];
                next[i] += c.value[i] / static_cast<double>(run.workers);
            }
        }
        w = next;
        x.assign(run.workers, w);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(qsparse_local_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const h = run.period + 1;
        follow_models(run, run.around(terse::qsparse_local_sgd(run.library_compressor(), {.period = h})), paper{run, h},
                      1e-9);
    });
}

BOOST_AUTO_TEST_CASE(without_compression_is_local_sgd) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        BOOST_TEST(difference(mean_trajectory(run, terse::local_sgd({.period = 3})),
                              mean_trajectory(run, terse::qsparse_local_sgd(terse::identity{}, {.period = 3}))) < 1e-9);
    }
}

BOOST_AUTO_TEST_SUITE_END()
