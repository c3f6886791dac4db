// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/ef_sgdm.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// SAEF paper, Algorithm 1, the error-feedback branch; with `both_ways` the server compresses e_s + mean c_k.
template <bool both_ways>
struct paper {
    random_run const& run;
    numbers w = run.start;
    std::vector<numbers> m = zeros_for_each_worker(run);
    std::vector<numbers> e = zeros_for_each_worker(run);
    numbers e_server = zeros(run);

    void step(std::uint64_t t, double lr) {
        numbers sum = e_server;
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
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

BOOST_AUTO_TEST_SUITE(ef_sgdm_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper_one_way) {
    for_many_runs(every_kind, [](random_run const& run) {
        follow(run, run.around(terse::ef_sgdm(run.library_compressor(), {.beta = run.beta})), paper<false>{run});
    });
    for_many_runs({kind::top_k}, [](random_run const& run) {
        follow(run, run.around(terse::ef_sgdm({.count = run.k, .beta = run.beta})), paper<false>{run});
    });
}

BOOST_AUTO_TEST_CASE(follows_the_paper_both_ways) {
    for_many_runs(every_kind, [](random_run const& run) {
        follow(run, run.around(terse::ef_sgdm_dc(run.library_compressor(), {.beta = run.beta})), paper<true>{run});
    });
    for_many_runs({kind::top_k}, [](random_run const& run) {
        follow(run, run.around(terse::ef_sgdm_dc({.count = run.k, .beta = run.beta})), paper<true>{run});
    });
}

BOOST_AUTO_TEST_SUITE_END()
