// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/def_a.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// DEF-A with local momentum: g_k at x - lambda e_k, m_k = beta m_k + g_k, c_k = C(e_k + eta m_k), x = x - mean c_k.
struct paper {
    random_run const& run;
    numbers w = run.start;
    numbers corrected = run.start;
    std::vector<numbers> m = zeros_for_each_worker(run);
    std::vector<numbers> e = zeros_for_each_worker(run);

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            numbers p = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i) p[i] = w[i] - run.lambda * e[k][i];
            auto const g = run.gradient(k, t, p); // its decay is at the detached point too
            numbers h = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                m[k][i] = run.beta * m[k][i] + g[i];
                h[i] = e[k][i] + lr * m[k][i];
            }
            auto const c = run.compress(h, t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < run.dimension; ++i) {
                e[k][i] = h[i] - c.value[i];
                mean[i] += c.value[i] / static_cast<double>(run.workers);
            }
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            w[i] -= mean[i];
            corrected[i] = w[i];
            for (std::size_t k = 0; k < run.workers; ++k) corrected[i] -= e[k][i] / static_cast<double>(run.workers);
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(def_a_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const method = terse::def_a(run.library_compressor(), {.beta = run.beta, .lambda = run.lambda});
        follow(run, run.around(method), paper{run});
    });
}

BOOST_AUTO_TEST_CASE(compresses_by_top_k_by_default) {
    for_many_runs({kind::top_k}, [](random_run const& run) {
        auto const method = terse::def_a({.count = run.k, .beta = run.beta, .lambda = run.lambda});
        follow(run, run.around(method), paper{run});
    });
}

BOOST_AUTO_TEST_CASE(its_other_output_is_the_corrected_iterate) {
    for_many_runs(every_kind, [](random_run const& run) {
        numbers w = run.start;
        auto const method = terse::def_a(run.library_compressor(), {.beta = run.beta, .lambda = run.lambda});
        auto sgd = terse::train(run.around(method), run.cluster(), w, {.seed = run.seed});
        paper paper{run};
        numbers out(run.dimension);
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            sgd.step(run.lr[t], run.callback());
            paper.step(t, run.lr[t]);
            sgd.corrected(out);
            require_close("the corrected iterate", run, t, paper.corrected, out, 1e-10);
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()
