// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/compressor/threshold.hpp>
#include <terse/method/cser.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/dsgd.hpp>
#include <terse/method/pr_sgd_m.hpp>

#include "oracle/follow_models.hpp"
#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

enum class base { plain, polyak, nesterov };

double rounded(double x) { return std::nearbyint(x * 0x1p30) * 0x1p-30; }

// M-CSER with an explicit e_k. PSync(v; C) = mean C(v_j) + (v_k - C(v_k)). Block averaging: C2 resets errors as well.
struct paper {
    random_run const& run;
    random_run const& resets; ///< with C1
    bool rounds;              ///< what a reset looks at
    std::uint64_t period;
    base step_of;
    bool block_averaging = false;
    std::vector<numbers> x = std::vector<numbers>(run.workers, run.start);
    std::vector<numbers> m = zeros_for_each_worker(run);
    std::vector<numbers> e = zeros_for_each_worker(run);
    numbers w = run.start; ///< x_k - e_k, the same for every worker

    // v_k becomes what PSync gives, and the second is what stays.
    static std::vector<numbers> synchronize(random_run const& c, bool rounds, std::uint64_t t,
                                            std::vector<numbers>& v) {
        std::vector<numbers> rest = v;
        numbers mean = zeros(c);
        for (std::size_t k = 0; k < v.size(); ++k) {
            auto seen = v[k];
            if (rounds)
                for (double& y : seen) y = rounded(y);
            auto const sent = c.compress(seen, t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < v[k].size(); ++i) {
                rest[k][i] -= sent.value[i];
                mean[i] += sent.value[i] / static_cast<double>(v.size());
            }
        }
        for (std::size_t k = 0; k < v.size(); ++k)
            for (std::size_t i = 0; i < v[k].size(); ++i) v[k][i] = mean[i] + rest[k][i];
        return rest;
    }

    void reset(random_run const& c, std::uint64_t t) {
        auto next = e;
        auto const rest = synchronize(c, rounds, t, next);
        for (std::size_t k = 0; k < run.workers; ++k)
            for (std::size_t i = 0; i < run.dimension; ++i) x[k][i] += next[k][i] - e[k][i];
        e = rest;
    }

    void step(std::uint64_t t, double lr) {
        std::vector<numbers> q = zeros_for_each_worker(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, x[k]);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                m[k][i] = run.beta * m[k][i] + g[i];
                q[k][i] = lr * (step_of == base::plain    ? g[i]
                                : step_of == base::polyak ? m[k][i]
                                                          : run.beta * m[k][i] + g[i]);
            }
        }
        auto const last = (t + 1) % period == 0;
        auto const r = block_averaging ? q : synchronize(run, false, t, q);
        for (std::size_t k = 0; k < run.workers; ++k)
            for (std::size_t i = 0; i < run.dimension; ++i) {
                x[k][i] -= q[k][i];
                e[k][i] -= r[k][i];
            }
        if (last) {
            reset(resets, t);
        } else if (block_averaging) {
            auto steps = run;
            steps.segment = resets.segment;
            reset(steps, t);
        }
        for (std::size_t k = 0; k < run.workers; ++k)
            for (std::size_t i = 0; i < run.dimension; ++i) {
                double const common = x[k][i] - e[k][i];
                if (k == 0) w[i] = common;
                if (!(std::fabs(common - w[i]) <= 1e-9)) BOOST_FAIL("x_k - e_k differs between workers");
            }
    }
};

/// A compressor that looks at its input rounded to multiples of 2^-30.
struct of_rounded {
    any_compressor inner;

    template <class B, class T>
    using message = terse::message_of<any_compressor, B, T>;
    void validate(std::size_t d) const { inner.validate(d); }
    template <class B, class T, class M>
    void compress(terse::view<B, T> in, M& out, terse::context<B> at) const {
        std::vector<double> v(in.begin(), in.end());
        for (double& x : v) x = rounded(x);
        inner.compress(terse::view<B, double const>(v.data(), v.size()), out, at);
    }
};

bool is_sign(kind c) { return c == kind::sign || c == kind::blockwise_sign; }
bool is_top_k(kind c) { return c == kind::top_k || c == kind::blockwise_top_k; }
kind c1_for(random_run const& run) { return every_kind.begin()[run.seed % every_kind.size()]; }
// Whether C1(e_k) hangs on the last bits of e_k, in which the library's x_k - w and the paper's e_k differ: what a sign
// leaves has pairs of one magnitude, and top-k takes one of them; what was sent leaves a zero, which a sign of a block
// gives a sign. (Where the sign is that of the whole vector, the oracle and the library agree on the runs that are
// here.)
bool hangs_on_last_bits(kind c1, kind c2) { return c1 == kind::blockwise_sign || (is_top_k(c1) && is_sign(c2)); }

terse::threshold nothing() { return {.at_least = 1e30}; }

} // namespace

BOOST_AUTO_TEST_SUITE(cser_tests)

template <class C1, class C2>
void follow_all(random_run const& run, random_run const& resets, bool rounds, C1 const& c1, C2 const& c2,
                bool block_averaging = false) {
    auto const h = run.period + 1;
    terse::cser_options const o{.period = h, .beta = run.beta, .block_averaging = block_averaging};
    auto const follow = [&](auto const& method, base step) {
        follow_models(run, run.around(method), paper{run, resets, rounds, h, step, block_averaging}, 1e-8);
    };
    follow(terse::cser(c1, c2, o), base::plain);
    follow(terse::m_cser(c1, c2, o), base::polyak);
    follow(terse::m_cser_nesterov(c1, c2, o), base::nesterov);
}

BOOST_AUTO_TEST_CASE(follows_the_paper_and_the_authors_code) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto resets = run;
        resets.compressor = c1_for(run);
        resets.k = (run.k + 1) / 2;
        resets.segment = terse::context<terse::cpu>{}.part(1).segment; // draws of its own
        auto const c1 = resets.library_compressor();
        auto const c2 = run.library_compressor();
        if (!hangs_on_last_bits(resets.compressor, run.compressor)) follow_all(run, resets, false, c1, c2);
        follow_all(run, resets, true, of_rounded{c1}, c2);
        follow_all(run, resets, true, of_rounded{c1}, of_rounded{c2}, true);
    });
}

// On the block, which all workers share, every model becomes the mean of the models; elsewhere nothing happens.
BOOST_AUTO_TEST_CASE(block_averaging_averages_blocks) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        auto const h = run.period + 2;
        terse::random_block const c1{.count = (run.dimension + 1) / 2};
        terse::random_block const c2{.count = run.k};
        auto w = run.start;
        auto sgd = terse::train(terse::cser(c1, c2, {.period = h, .block_averaging = true}), run.cluster(), w,
                                {.seed = run.seed});
        std::vector<numbers> x(run.workers, run.start);
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            sgd.step(run.lr[t], run.callback());
            for (std::size_t k = 0; k < run.workers; ++k) {
                numbers g(run.dimension);
                run.user_gradient(k, t, x[k], g);
                for (std::size_t i = 0; i < g.size(); ++i) x[k][i] -= run.lr[t] * g[i];
            }
            auto const mean = mean_of(run, x);
            std::size_t together = 0;
            for (std::size_t i = 0; i < run.dimension; ++i) {
                bool averaged = true;
                for (std::size_t k = 0; k < run.workers; ++k)
                    averaged = averaged && std::fabs(sgd.model(k)[i] - mean[i]) <= 1e-9;
                together += averaged;
                for (std::size_t k = 0; k < run.workers; ++k) {
                    if (averaged) x[k][i] = mean[i];
                    if (!(std::fabs(sgd.model(k)[i] - x[k][i]) <= 1e-9)) BOOST_FAIL("neither averaged nor left alone");
                }
            }
            auto const block = (t + 1) % h == 0 ? c1.count : c2.count;
            if (run.workers > 1) BOOST_TEST(together == block);
        }
    }
}

BOOST_AUTO_TEST_CASE(identities) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        auto const h = run.period + 1;
        terse::cser_options const o{.period = h, .beta = run.beta};
        auto const far = [&](auto const& a, auto const& b) { return difference(a, b); };
        auto const momentum = trajectory(run, terse::dmsgd({.beta = run.beta, .lr = terse::momentum_lr::previous}));
        terse::identity const all;
        BOOST_TEST(far(momentum, mean_trajectory(run, terse::m_cser(all, all, o))) < 1e-9);
        BOOST_TEST(far(momentum, mean_trajectory(run, terse::m_cser(terse::top_k{.count = 1}, all, o))) < 1e-9);
        BOOST_TEST(far(trajectory(run, terse::dsgd()), mean_trajectory(run, terse::cser(all, all, o))) < 1e-9);
        BOOST_TEST(far(mean_trajectory(run, terse::m_cser(terse::top_k{.count = 1}, terse::top_k{.count = 1},
                                                          {.period = h, .beta = 0})),
                       mean_trajectory(run, terse::cser(terse::top_k{.count = 1}, terse::top_k{.count = 1}, o))) <
                   1e-9);
        // Nothing of a step, all of an error: models are averaged, momenta are kept.
        BOOST_TEST(
            far(mean_trajectory(
                    run, terse::pr_sgd_m({.beta = run.beta, .period = h, .buffers = terse::buffer_strategy::maintain})),
                mean_trajectory(run, terse::m_cser(all, nothing(), o))) < 1e-9);
    }
}

// Floats: e_k is x_k - w, so its error is that of x_k and w since the last reset, three roundings a step, however long
// the run; and what the models have in common, they have to the bit.
BOOST_AUTO_TEST_CASE(rounding_errors_leave_with_the_reset) {
    constexpr std::uint64_t h = 4;
    auto const method = terse::m_cser(terse::identity{}, terse::random_block{.count = 5}, {.period = h});
    std::vector<float> w(50, 1.0f);
    std::vector<double> v(50, 1.0);
    auto run = terse::train(method, terse::simulated{.workers = 4}, w);
    auto exact = terse::train(method, terse::simulated{.workers = 4}, v);
    double worst = 0;
    bool together = true;
    for (std::uint64_t t = 0; t < 4000; ++t) {
        auto const gradient = []<class T>(terse::worker_context at, terse::view<terse::cpu, T const>,
                                          terse::view<terse::cpu, T> g) {
            for (std::size_t i = 0; i < g.size(); ++i)
                g[i] = static_cast<float>(uniform({at.worker, at.round, i}) - 0.5);
        };
        run.step(1e-6, gradient); // far below a rounding error of x
        exact.step(1e-6, gradient);
        for (std::size_t k = 0; k < 4; ++k)
            for (std::size_t i = 0; i < w.size(); ++i) {
                double const e = static_cast<double>(run.model(k)[i]) - static_cast<double>(w[i]);
                worst = std::max(worst, std::fabs(e - (exact.model(k)[i] - v[i])));
                together = together && ((t + 1) % h != 0 || run.model(k)[i] == w[i]);
            }
    }
    BOOST_TEST(together);
    BOOST_TEST(worst <= 1.5 * h * std::numeric_limits<float>::epsilon());
}

// 2 s_2 floats up in every step, 2 s_1 more in every H-th.
BOOST_AUTO_TEST_CASE(what_travels) {
    std::vector<double> w(100, 1.0);
    auto run = terse::train(terse::m_cser({.count = 3, .count1 = 10, .period = 4}), terse::simulated{.workers = 1}, w);
    for (int t = 0; t < 8; ++t)
        run.step(0.01, [](terse::worker_context, auto x, auto g) {
            for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] * static_cast<double>(1 + i);
        });
    BOOST_TEST(run.traffic().floats == 2 * (8 * 2.0 * 3 + 2 * 2.0 * 10)); // one worker: as much down as up
}
// One of the two in every step, and with blocks only values.
BOOST_AUTO_TEST_CASE(what_travels_when_blocks_are_averaged) {
    std::vector<double> w(100, 1.0);
    auto run = terse::train(terse::cser(terse::random_block{.count = 10}, terse::random_block{.count = 3},
                                        {.period = 4, .block_averaging = true}),
                            terse::simulated{.workers = 2}, w);
    for (int t = 0; t < 8; ++t) run.step(0.01, [](terse::worker_context, auto x, auto g) { terse::cpu::copy(x, g); });
    BOOST_TEST(run.traffic().floats == 2 * 2 * (6 * 3.0 + 2 * 10.0)); // two workers, both ways
}

BOOST_AUTO_TEST_CASE(refuses_a_period_of_0) {
    std::vector<double> w(3);
    BOOST_CHECK_THROW(terse::train(terse::cser({.period = 0}), terse::simulated{}, w), terse::configuration_error);
    BOOST_CHECK_THROW(terse::train(terse::cser({.count = 4}), terse::simulated{}, w), terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
