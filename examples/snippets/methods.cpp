// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// Every recipe as docs/methods shows it, and what the pages say about limits: which settings give the same iterates.
#include <terse/problem/random_quadratic.hpp>
#include <terse/terse.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

int wrong = 0;

auto const problem = terse::random_quadratic({.seed = 7, .workers = 4, .dimension = 12});

// 60 rounds; the learning rate is constant, or falls to a tenth in round 30.
template <class Method>
std::vector<double> path(Method const& method, bool drop) {
    std::vector<double> w(problem.dimension(), 1.0), all;
    auto run = terse::train(method, terse::simulated{.workers = 4}, w);
    for (int t = 0; t < 60; ++t) {
        run.step(drop && t >= 30 ? 0.002 : 0.02,
                 [](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });
        all.insert(all.end(), w.begin(), w.end());
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

void recipes() {
    auto const runs = [](auto method) {
        auto const all = path(method, true);
        wrong += !std::all_of(all.begin(), all.end(), [](double x) { return std::isfinite(x); });
    };
    {
        // [dsgd]
        auto method = terse::dsgd();
        // [dsgd]
        runs(method);
    }
    {
        // [minibatch_sgd]
        auto method = terse::minibatch_sgd({.period = 8});
        // [minibatch_sgd]
        runs(method);
    }
    {
        // [inner_outer_sgd]
        auto method = terse::inner_outer_sgd({.period = 8, .inner_lr = 0.01});
        // [inner_outer_sgd]
        runs(method);
    }
    {
        // [ac_sa]
        auto method = terse::ac_sa({.period = 8});
        // [ac_sa]
        runs(method);
    }
    {
        // [ac_sa_strongly_convex]
        auto method = terse::ac_sa({.period = 8, .strong_convexity = 1});
        // [ac_sa_strongly_convex]
        runs(method);
    }
    {
        // [dmsgd]
        auto method = terse::dmsgd({.beta = 0.9, .lr = terse::momentum_lr::current});
        // [dmsgd]
        runs(method);
    }
    {
        // [dmsgd_local]
        auto method = terse::dmsgd_local({.beta = 0.9});
        // [dmsgd_local]
        runs(method);
    }
    {
        // [nesterov]
        auto method = terse::nesterov({.beta = 0.9});
        // [nesterov]
        runs(method);
    }
    {
        // [gmc]
        auto method = terse::gmc({.ratio = 0.01, .beta = 0.9});
        // [gmc]
        runs(method);
    }
    {
        // [gmc_sampled]
        auto method = terse::gmc(terse::sampled_top_k{.ratio = 0.001}, {.beta = 0.9});
        // [gmc_sampled]
        runs(method);
    }
    {
        // [gmc_plus]
        auto method = terse::gmc_plus(terse::random_block{.ratio = 0.1}, {.beta = 0.9, .lambda = 0.5});
        // [gmc_plus]
        runs(method);
    }
    {
        // [gmc_server]
        auto method = terse::gmc_server({.ratio = 0.01, .beta = 0.9});
        // [gmc_server]
        runs(method);
    }
    {
        // [gmc_lr_inside]
        auto method = terse::gmc_lr_inside({.ratio = 0.01, .beta = 0.9});
        // [gmc_lr_inside]
        runs(method);
    }
    {
        // [dgc]
        auto method = terse::dgc({.ratio = 0.001, .beta = 0.9, .factor_masking = true});
        // [dgc]
        runs(method);
    }
    {
        // [sketched_sgd]
        auto method = terse::sketched_sgd({.ratio = 0.01, .table = {.rows = 5, .columns = 10'000}, .candidates = 4});
        // [sketched_sgd]
        runs(method);
    }
    {
        // [fetch_sgd]
        auto method = terse::fetch_sgd({.ratio = 0.01, .table = {.rows = 5, .columns = 10'000}, .rho = 0.9});
        // [fetch_sgd]
        runs(method);
    }
    {
        // [power_sgd_momentum]
        terse::layout network({{"weights", 2, 5}, {"bias", 2}}); // rows x cols of each layer
        auto method = terse::power_sgd_momentum(network, {.rank = 2, .beta = 0.9});
        // [power_sgd_momentum]
        runs(method);
    }
    {
        std::uint64_t const rounds_per_epoch = 390;
        // [dgc_full]
        auto method = terse::dgc({.ratio = terse::schedule::dgc_ramp(0.001, 4, rounds_per_epoch),
                                  .beta = 0.9,
                                  .nesterov = true,
                                  .clip_norm = 2.0,
                                  .weight_decay = 1e-4});
        // [dgc_full]
        runs(method);
    }
    {
        // [def_a]
        auto method = terse::def_a(terse::random_block{.ratio = 1.0 / 64}, {.beta = 0.9, .lambda = 0.3});
        // [def_a]
        runs(method);
    }
    {
        // [ef_sgd]
        auto method = terse::ef_sgd({.ratio = 0.01});
        // [ef_sgd]
        runs(method);
    }
    {
        // [ef_sgdm]
        auto one_way = terse::ef_sgdm({.ratio = 0.01, .beta = 0.9});
        auto both_ways = terse::ef_sgdm_dc({.ratio = 0.01, .beta = 0.9});
        // [ef_sgdm]
        runs(one_way);
        runs(both_ways);
    }
    {
        // [saef]
        auto one_way = terse::saef({.ratio = 0.01, .beta = 0.9, .period = 50});
        auto both_ways = terse::saef_dc(terse::scaled_sign{}, {.beta = 0.9});
        // [saef]
        runs(one_way);
        runs(both_ways);
    }
    {
        // [dist_ef_sgdm]
        auto method = terse::dist_ef_sgdm({.beta = 0.9, .block = 4096, .weight_decay = 1e-4});
        // [dist_ef_sgdm]
        runs(method);
    }
    {
        // [sign_sgd]
        auto method = terse::sign_sgd();
        // [sign_sgd]
        runs(method);
    }
    {
        // [qsgd]
        auto method = terse::qsgd_sgd({.bits = 4, .norm = terse::norm::linf, .bucket = 512});
        // [qsgd]
        runs(method);
    }
    {
        // [dq_sgd]
        std::vector<double> const norms(200, 3.0); // what is expected of 200 rounds
        auto const quantizer = terse::dynamic_quantizer{}.within(200 * 12 * 40, 12, norms);
        auto method = terse::dq_sgd(quantizer);
        // [dq_sgd]
        runs(method);
        // [dq_sgd_budget]
        auto within = terse::dq_sgd(terse::budgeted_quantizer{.rule = {.rounds = 200}, .budget = 200 * 1000});
        // [dq_sgd_budget]
        runs(within);
    }
    {
        // [terngrad]
        terse::layout const layers({{"weights", 2, 5}, {"bias", 2, 1}});
        auto method = terse::terngrad_sgd(layers, {.clip = 2.5});
        // [terngrad]
        runs(method);
        // [shared_terngrad]
        auto shared = terse::terngrad_sgd(terse::shared_terngrad{.ternary = {.clip = 2.5}, .layout = layers});
        // [shared_terngrad]
        runs(shared);
    }
    {
        // [natural]
        auto method = terse::natural_sgd();
        // [natural]
        runs(method);
    }
    {
        // [decay]
        auto method = terse::gmc({.ratio = 0.01, .beta = 0.9});
        method.decay = {.rate = 1e-4};
        // [decay]
        runs(method);
    }
}

void limits() {
    using namespace terse;
    identity const all{};
    top_k const some{.count = 3};
    auto const torch = momentum_lr::previous;

    equal("dmsgd, previous = dmsgd_local", any_rate, dmsgd({.lr = torch}), dmsgd_local());
    equal("dmsgd, current = dmsgd_local", constant_rate, dmsgd(), dmsgd_local());
    equal("dmsgd, beta 0 = dsgd", any_rate, dmsgd({.beta = 0.0}), dsgd());
    differ("nesterov, dmsgd", nesterov(), dmsgd());

    equal("gmc, identity = dmsgd", any_rate, gmc(all), dmsgd());
    equal("gmc, identity, previous = dmsgd, previous", any_rate, gmc(all, {.lr = torch}), dmsgd({.lr = torch}));
    equal("gmc, beta 0 = ef_sgd", constant_rate, gmc(some, {.beta = 0.0}), ef_sgd(some));
    equal("gmc_plus, lambda 0 = gmc", any_rate, gmc_plus(some, {.lambda = 0.0}), gmc(some));
    equal("gmc_plus, identity = dmsgd", any_rate, gmc_plus(all), dmsgd());
    equal("gmc_server, identity = dmsgd", any_rate, gmc_server(all), dmsgd());
    equal("gmc_server, identity, previous = dmsgd_local", any_rate, gmc_server(all, {.lr = torch}), dmsgd_local());
    differ("gmc_server, gmc", gmc_server(some), gmc(some));
    equal("gmc_lr_inside = gmc", constant_rate, gmc_lr_inside(some), gmc(some));
    equal("gmc_lr_inside, identity = dmsgd", any_rate, gmc_lr_inside(all), dmsgd());

    equal("dgc, identity, no masking = dmsgd_local", any_rate, dgc(all, {.factor_masking = false}), dmsgd_local());
    equal("dgc, identity, masking = dsgd", any_rate, dgc(all), dsgd());
    equal("dgc, identity, no masking, nesterov = nesterov", any_rate,
          dgc(all, {.factor_masking = false, .nesterov = true}), nesterov());
    equal("dgc, beta 0 = ef_sgd", constant_rate, dgc(some, {.beta = 0.0}), ef_sgd(some));
    equal("dgc, beta 0: masking or not", any_rate, dgc(some, {.beta = 0.0}),
          dgc(some, {.beta = 0.0, .factor_masking = false}));

    equal("def_a, lambda 0 = ef_sgdm", any_rate, def_a(some, {.lambda = 0.0}), ef_sgdm(some));
    equal("def_a, lambda 1 = saef", any_rate, def_a(some, {.lambda = 1.0}), saef(some));
    equal("def_a, identity = dmsgd_local", any_rate, def_a(all), dmsgd_local());
    equal("saef, identity = dmsgd_local", any_rate, saef(all), dmsgd_local());
    equal("saef_dc, identity = dmsgd_local", any_rate, saef_dc(all), dmsgd_local());
    equal("ef_sgdm, identity = dmsgd_local", any_rate, ef_sgdm(all), dmsgd_local());
    equal("ef_sgdm, beta 0 = ef_sgd", any_rate, ef_sgdm(some, {.beta = 0.0}), ef_sgd(some));
    equal("ef_sgd, identity = dsgd", any_rate, ef_sgd(all), dsgd());

    equal("minibatch_sgd, period 1 = dsgd", any_rate, minibatch_sgd({.period = 1}), dsgd());
    equal("inner_outer_sgd, period 1 = dsgd", any_rate, inner_outer_sgd({.period = 1}), dsgd());
    equal("ac_sa, weight 1 = minibatch_sgd", any_rate, ac_sa({.weight = 1}), minibatch_sgd());

    equal("dist_ef_sgdm, identity = nesterov", any_rate, dist_ef_sgdm(all), nesterov());
    auto in_model_units = compose(scaled_sign{}, local_momentum{.nesterov = true},
                                  standard_feedback{.units = units::model}, scaled_sign{});
    equal("dist_ef_sgdm = the same in model units", any_rate, dist_ef_sgdm(scaled_sign{}), in_model_units);
}

} // namespace

int main() {
    recipes();
    limits();
    return wrong;
}
