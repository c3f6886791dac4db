// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/dist_ef_sgdm.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// dist-EF-blockSGDM: residuals in gradient units, times r_t = eta_{t-1} / eta_t when they are used again (r_0 = 0);
// p_k = mu m_k + g_k + r e_k with m_k = mu m_k + g_k; the server compresses mean C(p_k) + r e_s. Weight decay is
// outside with Nesterov's momentum: b = mu b + rate x, x = x - eta (D + mu b + rate x).
struct paper {
    random_run const& run;
    numbers w = run.start;
    numbers b = zeros(run);
    std::vector<numbers> m = zeros_for_each_worker(run);
    std::vector<numbers> e = zeros_for_each_worker(run);
    numbers e_server = zeros(run);
    double last_lr = 0;

    void step(std::uint64_t t, double lr) {
        double const r = last_lr / lr;
        numbers sum = zeros(run);
        for (std::size_t i = 0; i < run.dimension; ++i) sum[i] = r * e_server[i];
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.clipped_gradient(k, t, w);
            numbers p = zeros(run);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                m[k][i] = run.beta * m[k][i] + g[i];
                p[i] = run.beta * m[k][i] + g[i] + r * e[k][i];
            }
            auto const c = run.compress(p, t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < run.dimension; ++i) {
                e[k][i] = p[i] - c.value[i];
                sum[i] += c.value[i] / static_cast<double>(run.workers);
            }
        }
        auto const broadcast = run.compress(sum, t, terse::shared_by_all).value;
        for (std::size_t i = 0; i < run.dimension; ++i) {
            e_server[i] = sum[i] - broadcast[i];
            b[i] = run.beta * b[i] + run.decay * w[i];
            w[i] -= lr * (broadcast[i] + run.beta * b[i] + run.decay * w[i]);
        }
        last_lr = lr;
    }
};

template <class Method>
Method clipped(Method method, random_run const& run) {
    method.clip = {.norm = run.clip};
    return method;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dist_ef_sgdm_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const method =
            terse::dist_ef_sgdm(run.library_compressor(), {.beta = run.beta, .weight_decay = run.decay});
        follow(run, clipped(method, run), paper{run});
    });
}

BOOST_AUTO_TEST_CASE(compresses_blocks_by_scaled_sign) {
    for_many_runs({kind::blockwise_sign}, [](random_run const& run) {
        auto const method = terse::dist_ef_sgdm({.beta = run.beta, .block = run.block, .weight_decay = run.decay});
        follow(run, clipped(method, run), paper{run});
    });
}

BOOST_AUTO_TEST_CASE(compresses_one_block_by_default) {
    for_many_runs({kind::sign}, [](random_run const& run) {
        auto const method = terse::dist_ef_sgdm({.beta = run.beta, .weight_decay = run.decay});
        follow(run, clipped(method, run), paper{run});
    });
}

BOOST_AUTO_TEST_SUITE_END()
