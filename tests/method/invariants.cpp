// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// What holds in every step, whatever the compressor is.
#include <boost/test/unit_test.hpp>

#include <terse/method/def_a.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/dist_ef_sgdm.hpp>
#include <terse/method/ef_sgd.hpp>
#include <terse/method/ef_sgdm.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/saef.hpp>

#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

// One run of a method that also writes down what its workers' gradients were.
template <class Method>
class observed {
public:
    observed(random_run const& r, Method method)
        : run(r), w(r.start), g(zeros_for_each_worker(r)),
          sgd(terse::train(std::move(method), r.cluster(), w, {.seed = r.seed})) {}
    observed(observed const&) = delete;
    observed& operator=(observed const&) = delete;

    void step(double lr) {
        sgd.step(lr, [this](terse::worker_context at, auto x, auto out) {
            run.user_gradient(at.worker, at.round, x, out);
            std::copy(out.begin(), out.end(), g[at.worker].begin());
        });
    }
    double mean_gradient(std::size_t i) const { return mean(g, i); }
    double mean_residual(std::size_t i) const {
        double sum = 0;
        for (std::size_t k = 0; k < run.workers; ++k) sum += sgd.residual(k)[i];
        return sum / static_cast<double>(run.workers);
    }
    static double mean(std::vector<numbers> const& rows, std::size_t i) {
        double sum = 0;
        for (auto const& row : rows) sum += row[i];
        return sum / static_cast<double>(rows.size());
    }

    random_run const& run;
    numbers w;
    std::vector<numbers> g;

private:
    using trainer = decltype(terse::train(std::declval<Method>(), terse::simulated{}, std::declval<numbers&>()));

public:
    trainer sgd;
};

// GMC paper, Lemma 3: z_t = w_t + beta / (1 - beta) (w_t - w_{t-1}) - eta / (1 - beta) ebar_t moves by
// -eta / (1 - beta) gbar_t.
template <class Method>
void z_recursion(random_run const& any, Method method) {
    auto const run = at_constant_rate(any);
    observed<Method> o(run, method);
    double const scale = 1 / (1 - run.beta);
    numbers before = run.start;
    numbers z = run.start;
    for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
        numbers const last = o.w;
        o.step(run.lr[t]);
        numbers now(run.dimension);
        for (std::size_t i = 0; i < run.dimension; ++i) {
            z[i] -= run.lr[t] * scale * o.mean_gradient(i);
            now[i] = o.w[i] + run.beta * scale * (o.w[i] - last[i]) - run.lr[t] * scale * o.mean_residual(i);
        }
        require_close("z", run, t, z, now, 1e-10);
    }
    BOOST_TEST(true);
}

// SAEF paper, equation (4): x - (e_s + mean e_k), which is corrected(), moves by -eta mean m_k.
template <class Method>
void x_recursion(random_run const& run, Method method) {
    observed<Method> o(run, method);
    auto m = zeros_for_each_worker(run);
    numbers x = run.start;
    numbers corrected(run.dimension);
    for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
        o.step(run.lr[t]);
        for (std::size_t i = 0; i < run.dimension; ++i) {
            for (std::size_t k = 0; k < run.workers; ++k) m[k][i] = run.beta * m[k][i] + o.g[k][i];
            x[i] -= run.lr[t] * o.mean(m, i);
        }
        o.sgd.corrected(corrected);
        require_close("the corrected iterate", run, t, x, corrected, 1e-10);
    }
    BOOST_TEST(true);
}

} // namespace

BOOST_AUTO_TEST_SUITE(invariants)

BOOST_AUTO_TEST_CASE(z_moves_by_the_mean_gradient) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const c = run.library_compressor();
        z_recursion(run, terse::gmc(c, {.beta = run.beta}));
        z_recursion(run, terse::gmc(c, {.beta = run.beta, .lr = terse::momentum_lr::previous}));
        z_recursion(run, terse::gmc_plus(c, {.beta = run.beta, .lambda = run.lambda}));
        z_recursion(run, terse::gmc_server(c, {.beta = run.beta}));
    });
}

BOOST_AUTO_TEST_CASE(y_of_dgc_moves_by_the_mean_momentum) {
    for_many_runs(every_kind, [](random_run const& any) {
        auto const run = at_constant_rate(any);
        auto const method = terse::dgc(run.library_compressor(), {.beta = run.beta, .factor_masking = false});
        observed<std::remove_const_t<decltype(method)>> o(run, method);
        auto u = zeros_for_each_worker(run);
        numbers y = run.start;
        numbers now(run.dimension);
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            o.step(run.lr[t]);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                for (std::size_t k = 0; k < run.workers; ++k) u[k][i] = run.beta * u[k][i] + o.g[k][i];
                y[i] -= run.lr[t] * o.mean(u, i);
                now[i] = o.w[i] - run.lr[t] * o.mean_residual(i);
            }
            require_close("y", run, t, y, now, 1e-10);
        }
        BOOST_TEST(true);
    });
}

BOOST_AUTO_TEST_CASE(the_corrected_iterate_moves_by_the_mean_momentum) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const c = run.library_compressor();
        x_recursion(run, terse::ef_sgdm(c, {.beta = run.beta}));
        x_recursion(run, terse::ef_sgdm_dc(c, {.beta = run.beta}));
        x_recursion(run, terse::def_a(c, {.beta = run.beta, .lambda = run.lambda}));
        x_recursion(run, terse::saef(c, {.beta = run.beta, .period = run.period}));
        x_recursion(run, terse::saef_dc(c, {.beta = run.beta, .period = run.period}));
    });
}

BOOST_AUTO_TEST_CASE(what_was_applied_and_what_is_held_back_is_what_came_in) {
    auto const conserves = [](random_run const& run, auto method, bool inside, double beta) {
        observed<decltype(method)> o(run, method);
        auto m = zeros_for_each_worker(run);
        numbers in = zeros(run);
        double size = 1;
        for (double const lr : run.lr) {
            o.step(lr);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                for (std::size_t k = 0; k < run.workers; ++k) m[k][i] = beta * m[k][i] + o.g[k][i];
                in[i] += lr * o.mean(m, i);
                size += std::fabs(lr * o.mean(m, i));
            }
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            double const applied = run.start[i] - o.w[i];
            double const held = (inside ? 1 : run.lr.back()) * o.mean_residual(i);
            BOOST_TEST(std::fabs(applied + held - in[i]) <= 1e-12 * size);
        }
    };
    for (auto const compressor : every_kind)
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            random_run const run(seed + 50, compressor, 1000);
            auto const c = run.library_compressor();
            conserves(run, terse::ef_sgd(c), true, 0);
            conserves(run, terse::ef_sgdm(c, {.beta = run.beta}), true, run.beta);
            conserves(run, terse::saef(c, {.beta = run.beta, .period = run.period}), true, run.beta);
            conserves(at_constant_rate(run), terse::dgc(c, {.beta = 0}), false, 0);
        }
}

BOOST_AUTO_TEST_SUITE_END()
