// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/dgc.hpp>
#include <terse/method/dmsgd_local.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// DGC, sections 3.2 and 3.3, and its code: u_k = beta u_k + g_k, v_k = v_k + u_k, send v_k where the mask is set and
// clear it there; with factor masking clear u_k there too. Nesterov as in its code, where u_k = beta (u_k + g_k) and
// v_k = v_k + u_k + g_k. Weight decay b = beta b + rate w is the optimizer's: w = w - eta (b + mean).
struct paper {
    random_run const& run;
    bool masks;
    bool nesterov;
    numbers w = run.start;
    numbers b = zeros(run);
    std::vector<numbers> u = zeros_for_each_worker(run);
    std::vector<numbers> e = zeros_for_each_worker(run); // v

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.clipped_gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                if (nesterov) {
                    u[k][i] = run.beta * (u[k][i] + g[i]);
                    e[k][i] = e[k][i] + u[k][i] + g[i];
                } else {
                    u[k][i] = run.beta * u[k][i] + g[i];
                    e[k][i] = e[k][i] + u[k][i];
                }
            }
            auto const c = run.compress(e[k], t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < run.dimension; ++i) {
                e[k][i] -= c.value[i];
                if (masks && c.sent[i]) u[k][i] = 0;
                mean[i] += c.value[i] / static_cast<double>(run.workers);
            }
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            b[i] = run.beta * b[i] + run.decay * w[i];
            w[i] -= lr * (b[i] + mean[i]);
        }
    }
};

terse::dgc_options options(random_run const& run, bool masks, bool nesterov) {
    return {.count = run.k,
            .beta = run.beta,
            .factor_masking = masks,
            .nesterov = nesterov,
            .clip_norm = run.clip,
            .weight_decay = run.decay};
}

void follow_dgc(bool masks, bool nesterov) {
    for_many_runs(every_kind, [&](random_run const& run) {
        follow(run, terse::dgc(run.library_compressor(), options(run, masks, nesterov)), paper{run, masks, nesterov});
    });
    for_many_runs({kind::top_k}, [&](random_run const& run) {
        follow(run, terse::dgc(options(run, masks, nesterov)), paper{run, masks, nesterov});
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(dgc_tests)

BOOST_AUTO_TEST_CASE(with_masking) { follow_dgc(true, false); }
BOOST_AUTO_TEST_CASE(without_masking) { follow_dgc(false, false); }
BOOST_AUTO_TEST_CASE(nesterov_with_masking) { follow_dgc(true, true); }
BOOST_AUTO_TEST_CASE(nesterov_without_masking) { follow_dgc(false, true); }

BOOST_AUTO_TEST_CASE(masks_by_default) { BOOST_TEST(terse::dgc().momentum.factor_masking); }

BOOST_AUTO_TEST_CASE(decay_outside_is_coupled_decay_without_compression_or_masking) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        numbers outside = run.start;
        numbers coupled = run.start;
        auto a = terse::train(
            terse::dgc(terse::identity{},
                       {.beta = run.beta, .factor_masking = false, .clip_norm = run.clip, .weight_decay = run.decay}),
            run.cluster(), outside);
        auto b = terse::train(run.around(terse::dmsgd_local({.beta = run.beta})), run.cluster(), coupled);
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            a.step(run.lr[t], run.callback());
            b.step(run.lr[t], run.callback());
            require_close("w", run, t, coupled, outside, 1e-10);
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()
