// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// Every recipe whose workers drift as docs/methods shows it, and what the pages say about limits: which settings give
// the same mean of the models.
#include <terse/problem/random_quadratic.hpp>
#include <terse/terse.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <vector>

namespace {

int wrong = 0;

constexpr std::size_t dimension = 12;
auto const problem = terse::random_quadratic({.seed = 7, .workers = 4, .dimension = dimension});
auto const gradient = [](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); };

// The mean of the models after each of 60 rounds; the learning rate is constant, or falls to a tenth in round 30.
template <class Method>
std::vector<double> path(Method const& method, bool drop) {
    std::vector<double> w(dimension, 1.0), mean(dimension), all;
    auto run = terse::train(method, terse::simulated{.workers = 4}, w);
    for (int t = 0; t < 60; ++t) {
        run.step(drop && t >= 30 ? 0.002 : 0.02, gradient);
        if constexpr (requires { run.mean(mean); })
            run.mean(mean);
        else
            mean = w;
        all.insert(all.end(), mean.begin(), mean.end());
    }
    return all;
}

template <class A, class B>
double difference(A const& a, B const& b, bool drop) {
    auto const x = path(a, drop), y = path(b, drop);
    double most = 0;
    for (std::size_t i = 0; i < x.size(); ++i) most = std::max(most, std::abs(x[i] - y[i]));
    return most;
}

enum when { constant_rate, any_rate };

template <class A, class B>
void equal(char const* what, when w, A const& a, B const& b) {
    auto const steady = difference(a, b, false), dropped = difference(a, b, true);
    bool const good = steady < 1e-9 && (w == any_rate ? dropped < 1e-9 : dropped > 1e-6);
    std::printf("%s %-60s %.1e with a constant rate, %.1e with a drop\n", good ? "ok   " : "WRONG", what, steady,
                dropped);
    wrong += !good;
}

template <class A, class B>
void differ(char const* what, A const& a, B const& b) {
    auto const most = difference(a, b, false);
    std::printf("%s %-60s %.1e\n", most > 1e-6 ? "ok   " : "WRONG", what, most);
    wrong += !(most > 1e-6);
}

void check(char const* what, bool good) {
    std::printf("%s %s\n", good ? "ok   " : "WRONG", what);
    wrong += !good;
}

// From 1, .., 1 the mean of the models must come closer to the optimum.
void runs(auto const& method) {
    auto const optimum = problem.optimum();
    auto const distance = [&](double const* x) {
        double squares = 0;
        for (std::size_t i = 0; i < dimension; ++i) squares += (x[i] - optimum[i]) * (x[i] - optimum[i]);
        return squares;
    };
    std::vector<double> const start(dimension, 1.0), all = path(method, true);
    bool const closer = distance(all.data() + all.size() - dimension) < 0.5 * distance(start.data());
    if (!closer) std::puts("WRONG a recipe does not come closer to the optimum");
    wrong += !closer;
}

void recipes() {
    {
        // [local_sgd]
        auto method = terse::local_sgd({.period = 8});
        // [local_sgd]
        runs(method);
    }
    {
        // [pr_sgd_m]
        auto polyak = terse::pr_sgd_m({.beta = 0.9, .period = 8});            // Option I
        auto nesterov = terse::pr_sgd_m_nesterov({.beta = 0.9, .period = 8}); // Option II
        auto cleared = terse::pr_sgd_m_cleared({.beta = 0.9, .period = 8});
        // [pr_sgd_m]
        runs(polyak);
        runs(nesterov);
        runs(cleared);
    }
    {
        // [slowmo]
        auto method = terse::slowmo({.period = 12, .alpha = 1.0, .outer_beta = 0.5, .beta = 0.9});
        auto over_sgd = terse::slowmo(terse::plain_step{}, {.period = 12, .outer_beta = 0.5});
        // [slowmo]
        runs(method);
        runs(over_sgd);
    }
    {
        // [slowmo_no_average]
        auto method = terse::slowmo_no_average(terse::polyak_step{.beta = 0.9}, {.period = 12, .outer_beta = 0.5});
        // [slowmo_no_average]
        runs(method);
    }
    {
        // [lookahead]
        auto method = terse::lookahead({.period = 5, .alpha = 0.5});
        // [lookahead]
        runs(method);
    }
    {
        // [bmuf]
        auto classical = terse::bmuf({.period = 8, .outer_beta = 0.75}); // 1 - 1/N with four workers
        auto nesterov = terse::bmuf_nesterov({.period = 8, .outer_beta = 0.75});
        // [bmuf]
        runs(classical);
        runs(nesterov);
    }
    {
        // [bmuf_momentum]
        auto method = terse::drifting(terse::polyak_step{.beta = 0.9},
                                      terse::complete_average{.period = 8, .buffers = terse::buffer_strategy::reset},
                                      terse::block_momentum{.beta = 0.5});
        // [bmuf_momentum]
        runs(method);
    }
    {
        // [overlap_local_sgd]
        auto plain = terse::overlap_local_sgd({.period = 2, .pull = 0.6});
        auto momentum = terse::overlap_local_sgd_m({.period = 2, .pull = 0.6, .outer_beta = 0.7, .beta = 0.9});
        // [overlap_local_sgd]
        runs(plain);
        runs(momentum);
    }
    {
        // [cser]
        auto plain = terse::cser({.ratio = 0.01, .ratio1 = 0.04, .period = 4});
        auto momentum = terse::m_cser({.ratio = 0.01, .ratio1 = 0.04, .period = 4, .beta = 0.9});
        // [cser]
        runs(plain);
        runs(momentum);
    }
    {
        // [cser_blocks]
        auto method = terse::m_cser_nesterov(terse::random_block{.ratio = 1.0 / 4},  // C1, every 16th step
                                             terse::random_block{.ratio = 1.0 / 64}, // C2, every step
                                             {.period = 16, .beta = 0.9});
        // [cser_blocks]
        runs(method);
    }
    {
        // [cser_block_averaging]
        auto method =
            terse::m_cser_nesterov(terse::random_block{.ratio = 1.0 / 4}, terse::random_block{.ratio = 1.0 / 64},
                                   {.period = 16, .beta = 0.9, .block_averaging = true});
        // [cser_block_averaging]
        runs(method);
    }
    {
        // [qsparse_local_sgd]
        auto sparse = terse::qsparse_local_sgd({.ratio = 0.1, .period = 8});
        auto signs = terse::qsparse_local_sgd(terse::scaled_sign{}, {.period = 8});
        // [qsparse_local_sgd]
        runs(sparse);
        runs(signs);
    }
}

// What a run of such a method shows.
void models() {
    std::vector<double> w(dimension, 1.0);
    // [run]
    auto run = terse::train(terse::local_sgd({.period = 4}), terse::simulated{.workers = 4}, w);
    for (int t = 0; t < 10; ++t) run.step(0.02, gradient);

    std::vector<double> mean(w.size());
    run.mean(mean);              // of all models, now
    auto const x = run.model(2); // that of worker 2; w is the common model of two rounds ago
    run.measure_health();
    double const apart = run.health().model_distance;
    // [run]
    check("models are apart between averages", apart > 0 && x[0] != mean[0] && w[0] != mean[0]);
    for (int t = 0; t < 2; ++t) run.step(0.02, gradient);
    run.mean(mean);
    double most = 0;
    for (std::size_t i = 0; i < dimension; ++i) most = std::max(most, std::abs(mean[i] - w[i]));
    check("and one after them", run.health().model_distance < 1e-14 && most < 1e-14);
}

// twelve rounds of five steps
void as_lockstep() {
    std::vector<double> w(dimension, 1.0), v = w;
    auto outer = terse::train(terse::inner_outer_sgd({.period = 5}), terse::simulated{.workers = 4}, w);
    auto local = terse::train(terse::local_sgd({.period = 5}), terse::simulated{.workers = 4}, v);
    for (int t = 0; t < 12; ++t) outer.step(t < 6 ? 0.02 : 0.002, gradient);
    for (int t = 0; t < 60; ++t) local.step(t < 30 ? 0.02 : 0.002, gradient);
    double most = 0;
    for (std::size_t i = 0; i < dimension; ++i) most = std::max(most, std::abs(w[i] - v[i]));
    check("local_sgd = inner_outer_sgd with one rate", most < 1e-9);
}

void limits() {
    using namespace terse;
    using enum buffer_strategy;
    identity const all{};
    top_k const some{.count = 3};
    threshold const nothing{.at_least = 1e30};
    auto const torch = dmsgd({.lr = momentum_lr::previous});
    auto const sgd = slowmo(plain_step{}, {.period = 5, .outer_beta = 0.5});
    auto const over = [](buffer_strategy buffers) {
        return slowmo(polyak_step{}, {.period = 5, .outer_beta = 0.0, .buffers = buffers});
    };

    equal("local_sgd, period 1 = dsgd", any_rate, local_sgd({.period = 1}), dsgd());

    equal("pr_sgd_m, period 1 = dmsgd, previous", any_rate, pr_sgd_m({.period = 1}), torch);
    equal("pr_sgd_m, period 1, maintain = dmsgd, previous", any_rate, pr_sgd_m({.period = 1, .buffers = maintain}),
          torch);
    equal("pr_sgd_m_nesterov, period 1 = nesterov", any_rate, pr_sgd_m_nesterov({.period = 1}), nesterov());
    equal("pr_sgd_m_cleared, period 1 = dsgd", any_rate, pr_sgd_m_cleared({.period = 1}), dsgd());
    equal("pr_sgd_m, beta 0 = local_sgd", any_rate, pr_sgd_m({.beta = 0.0}), local_sgd());
    differ("pr_sgd_m, maintain, period 5", pr_sgd_m({.period = 5}), pr_sgd_m({.period = 5, .buffers = maintain}));

    equal("slowmo over SGD, outer_beta 0 = local_sgd", any_rate, slowmo(plain_step{}, {.period = 5, .outer_beta = 0.0}),
          local_sgd({.period = 5}));
    equal("slowmo over Polyak, outer_beta 0, average = pr_sgd_m", any_rate, over(average), pr_sgd_m({.period = 5}));
    equal("slowmo over Polyak, outer_beta 0, reset = pr_sgd_m_cleared", any_rate, over(reset),
          pr_sgd_m_cleared({.period = 5}));
    equal("slowmo over SGD, period 1 = dmsgd, previous", any_rate,
          slowmo(plain_step{}, {.period = 1, .outer_beta = 0.9}), torch);
    equal("lookahead, alpha 1 = local_sgd", any_rate, lookahead({.alpha = 1.0}), local_sgd({.period = 5}));
    differ("slowmo_no_average, slowmo", slowmo_no_average(plain_step{}, {.period = 5}), sgd);

    equal("bmuf = slowmo over SGD", constant_rate, bmuf({.period = 5, .outer_beta = 0.5}), sgd);
    equal("bmuf, outer_beta 0 = local_sgd", any_rate, bmuf({.outer_beta = 0.0}), local_sgd());
    equal("bmuf_nesterov, outer_beta 0 = local_sgd", any_rate, bmuf_nesterov({.outer_beta = 0.0}), local_sgd());

    equal("overlap_local_sgd_m, no momentum = overlap_local_sgd", any_rate,
          overlap_local_sgd_m({.outer_beta = 0.0, .beta = 0.0}), overlap_local_sgd());
    equal("overlap_local_sgd, pull 0 = workers alone", any_rate, overlap_local_sgd({.pull = 0.0}),
          drifting(plain_step{}, complete_average{.period = 1000}));
    differ("overlap_local_sgd, local_sgd", overlap_local_sgd(), local_sgd({.period = 2}));
    auto const pulled = path(overlap_local_sgd({.pull = 1.0}), false);
    check("overlap_local_sgd, pull 1 stays at the start",
          std::all_of(pulled.end() - dimension, pulled.end(), [](double x) { return x == 1; }));

    equal("cser, identities = dsgd", any_rate, cser(all, all), dsgd());
    equal("m_cser, identities = dmsgd, previous", any_rate, m_cser(all, all), torch);
    equal("m_cser, C2 = identity = dmsgd, previous", any_rate, m_cser(some, all), torch);
    equal("m_cser_nesterov, C2 = identity = nesterov", any_rate, m_cser_nesterov(some, all), nesterov());
    equal("m_cser, C2 nothing, C1 all = pr_sgd_m, maintain", any_rate, m_cser(all, nothing),
          pr_sgd_m({.period = 4, .buffers = maintain}));
    equal("cser, C2 nothing, C1 all = local_sgd", any_rate, cser(all, nothing), local_sgd({.period = 4}));
    equal("m_cser, beta 0 = cser", any_rate, m_cser(some, some, {.beta = 0.0}), cser(some, some));
    differ("cser, C2 nothing; qsparse_local_sgd", cser(some, nothing), qsparse_local_sgd(some, {.period = 4}));

    equal("qsparse_local_sgd, identity = local_sgd", any_rate, qsparse_local_sgd(all), local_sgd());
    equal("qsparse_local_sgd, period 1 = ef_sgd", any_rate, qsparse_local_sgd(some, {.period = 1}), ef_sgd(some));
}

} // namespace

int main() {
    recipes();
    models();
    as_lockstep();
    limits();
    return wrong;
}
