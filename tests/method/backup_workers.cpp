// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <vector>

#include <terse/feedback/no_feedback.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/momentum/no_momentum.hpp>

#include "oracle/follow.hpp"
#include "oracle/unreliable_run.hpp"

BOOST_AUTO_TEST_SUITE(backup_workers_tests)

namespace {

using namespace oracle;
using terse::attendance;
using terse::part;
using terse::unreliable;

// Who counts, told a second time for backup workers: the first workers - backups, by time, then by number.
std::vector<attendance> called(random_run const& run, unreliable const& u, std::uint64_t round) {
    std::vector<attendance> all;
    for (std::uint32_t k = 0; k < run.workers; ++k) all.push_back(u.faults.of({run.seed, round, k, u.cluster.workers}));
    for (std::uint32_t k = 0; k < run.workers; ++k) {
        auto const when = [&](std::uint32_t j) {
            return u.compute.seconds({run.seed, round, j, u.cluster.workers}) + all[j].delay;
        };
        std::size_t before = 0;
        for (std::uint32_t j = 0; j < run.workers; ++j) {
            bool const arrives = all[j].part == part::counts || all[j].part == part::late;
            if (arrives && (when(j) < when(k) || (when(j) == when(k) && j < k))) ++before;
        }
        if (all[k].part == part::counts && before >= run.workers - u.backups) all[k].part = part::late;
    }
    return all;
}

enum class momentum { none, global, local, masked };

// Sum the messages that count, divide by N; who does not count has sent nothing.
struct paper {
    random_run const& run;
    unreliable u;
    momentum where;
    bool residual;
    double lambda = 0;
    numbers w = run.start;
    numbers before = run.start;
    std::vector<numbers> e = zeros_for_each_worker(run);
    std::vector<numbers> m = zeros_for_each_worker(run);
    double last_lr = 0; ///< the rate that left e behind

    void step(std::uint64_t t, double lr) {
        auto const all = called(run, u, t);
        auto const n = static_cast<double>(run.workers - u.backups);
        numbers mean = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            if (all[k].part == part::crashed) e[k] = m[k] = zeros(run);
            if (all[k].part == part::crashed || all[k].part == part::absent) continue;
            auto x = w;
            for (std::size_t i = 0; i < run.dimension; ++i) x[i] -= lambda * last_lr * e[k][i];
            auto h = run.gradient(k, t, x);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                if (where == momentum::global) h[i] -= run.beta / lr * (w[i] - before[i]);
                if (where == momentum::local || where == momentum::masked) h[i] = m[k][i] = run.beta * m[k][i] + h[i];
                h[i] += e[k][i];
            }
            auto const c = run.compress(h, t, static_cast<std::uint32_t>(k));
            bool const keeps = all[k].part == part::late || all[k].part == part::failed;
            for (std::size_t i = 0; i < run.dimension; ++i) {
                if (residual) e[k][i] = keeps ? h[i] : h[i] - c.value[i];
                if (where == momentum::masked && !keeps && c.sent[i]) m[k][i] = 0;
                if (all[k].part == part::counts) mean[i] += c.value[i] / n;
            }
        }
        before = w;
        last_lr = lr;
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

template <class Method>
void follow_unreliable(random_run const& run, what w, Method method, momentum where, double lambda = 0) {
    auto const u = cluster_of(run, w);
    paper p{run, u, where, Method::keeps_residual, lambda};
    numbers x = run.start;
    auto sgd = terse::train(run.around(method), u, x, {.seed = run.seed});
    // What is kept counts in full later, over N: a step of N / workers is as stable as it was.
    double const shorter = static_cast<double>(run.workers - u.backups) / static_cast<double>(run.workers);
    for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
        sgd.step(shorter * run.lr[t], run.callback());
        p.step(t, shorter * run.lr[t]);
        BOOST_TEST_INFO_SCOPE("momentum " << static_cast<int>(where) << ", residual " << Method::keeps_residual
                                          << ", lambda " << lambda);
        require_close("w", run, t, p.w, x, 1e-9);
        if constexpr (Method::keeps_residual)
            for (std::size_t k = 0; k < run.workers; ++k)
                require_close("a residual", run, t, p.e[k], sgd.residual(k), 1e-9);
    }
}

// What is kept counts later, over N, and in it the momentum that all workers were given: it is stable below N /
// workers.
random_run with_stable_momentum(random_run run, what w) {
    run.beta *= static_cast<double>(run.workers - cluster_of(run, w).backups) / static_cast<double>(run.workers);
    return run;
}

void follow_all(random_run const& given, what w) {
    auto const run = with_stable_momentum(given, w);
    auto const c = run.library_compressor();
    follow_unreliable(run, w, compose(c, terse::no_momentum{}, terse::no_feedback{}), momentum::none);
    follow_unreliable(run, w, compose(c, terse::no_momentum{}, terse::standard_feedback{}), momentum::none);
    follow_unreliable(run, w, terse::gmc(c, {.beta = run.beta}), momentum::global);
    follow_unreliable(run, w, terse::gmc_plus(c, {.beta = run.beta, .lambda = run.lambda}), momentum::global,
                      run.lambda);
    follow_unreliable(run, w, terse::dgc(c, {.beta = run.beta, .factor_masking = false}), momentum::local);
    follow_unreliable(run, w, terse::dgc(c, {.beta = run.beta, .factor_masking = true}), momentum::masked);
}

} // namespace

BOOST_AUTO_TEST_CASE(backup_workers_line_by_line) {
    for_many_runs(every_kind, [](random_run const& run) { follow_all(run, what::backups); });
}

BOOST_AUTO_TEST_CASE(faults_line_by_line) {
    for_many_runs(every_kind,
                  [](random_run const& run) { follow_all(run, run.seed % 2 == 0 ? what::faults : what::both); });
}

// A scaled_sign by itself defers its subtraction, and an identity by itself is a dense message.
BOOST_AUTO_TEST_CASE(special_paths_line_by_line) {
    for_many_runs({kind::sign}, [](random_run const& given) {
        auto const run = with_stable_momentum(given, what::both);
        terse::scaled_sign const c{};
        follow_unreliable(run, what::both, compose(c, terse::no_momentum{}, terse::standard_feedback{}),
                          momentum::none);
        follow_unreliable(run, what::both, terse::gmc(c, {.beta = run.beta}), momentum::global);
        follow_unreliable(run, what::both, terse::dgc(c, {.beta = run.beta, .factor_masking = false}), momentum::local);
    });
    for_many_runs({kind::identity}, [](random_run const& given) {
        auto const run = with_stable_momentum(given, what::both);
        terse::identity const c{};
        follow_unreliable(run, what::both, compose(c, terse::no_momentum{}, terse::no_feedback{}), momentum::none);
        follow_unreliable(run, what::both, terse::gmc(c, {.beta = run.beta}), momentum::global);
        follow_unreliable(run, what::both, terse::dgc(c, {.beta = run.beta, .factor_masking = false}), momentum::local);
    });
}

BOOST_AUTO_TEST_SUITE_END()
