// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/ef_sgd.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// Error feedback: c_k = C(e_k + eta g_k), e_k = rest, x = x - mean c_k.
struct paper {
    random_run const& run;
    numbers w = run.start;
    std::vector<numbers> e = zeros_for_each_worker(run);

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            numbers h = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i) h[i] = e[k][i] + lr * g[i];
            auto const c = run.compress(h, t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < run.dimension; ++i) {
                e[k][i] = h[i] - c.value[i];
                mean[i] += c.value[i] / static_cast<double>(run.workers);
            }
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= mean[i];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ef_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs(every_kind, [](random_run const& run) {
        follow(run, run.around(terse::ef_sgd(run.library_compressor())), paper{run});
    });
}

BOOST_AUTO_TEST_CASE(compresses_by_top_k_by_default) {
    for_many_runs({kind::top_k},
                  [](random_run const& run) { follow(run, run.around(terse::ef_sgd({.count = run.k})), paper{run}); });
}

BOOST_AUTO_TEST_SUITE_END()
