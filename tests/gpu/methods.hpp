// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <terse/any_backend.hpp>

#include "oracle/drift_methods.hpp"
#include "outcome.hpp"

namespace terse_test {

/// F_k(x) = 1/2 sum_i a_i (x_i - c_ki)^2 with random a in [1/2, 3/2) and c, each worker's its own; d coordinates.
struct quadratics {
    std::size_t d;
    std::uint64_t seed = 1;

    double curvature(std::uint32_t worker, std::size_t i) const {
        return 0.5 + terse::random_stream(seed, terse::purpose::user, worker, 0).uniform(i);
    }
    double center(std::uint32_t worker, std::size_t i) const {
        return 4 * terse::random_stream(seed, terse::purpose::user, worker, 1).uniform(i) - 2;
    }

    /// The gradient for runs on backend B. It is computed on the host, so that it is the same for every backend.
    template <class B, class T>
    auto gradient(std::uint32_t workers) const {
        std::vector<std::vector<T>> a(workers, std::vector<T>(d));
        auto c = a;
        for (std::uint32_t k = 0; k < workers; ++k)
            for (std::size_t i = 0; i < d; ++i) {
                a[k][i] = static_cast<T>(curvature(k, i));
                c[k][i] = static_cast<T>(center(k, i));
            }
        return [a, c](terse::worker_context at, terse::view<B, T const> x, terse::view<B, T> g) {
            auto host = download(x);
            for (std::size_t i = 0; i < host.size(); ++i) host[i] = a[at.worker][i] * (host[i] - c[at.worker][i]);
            B::upload(host, g);
        };
    }
};

/// All iterates of a run that starts at 1, and what it sent. The learning rate drops half-way.
template <class B, class T, class Method>
std::vector<double> trajectory(Method const& method, std::size_t d, int rounds, terse::simulated cluster = {}) {
    auto w = upload<B>(std::vector<T>(d, T(1)));
    auto const gradient = quadratics{d}.gradient<B, T>(cluster.workers);
    auto run = terse::train(method, cluster, terse::view<B, T>(w), {.seed = 7});
    std::vector<double> all;
    for (int t = 0; t < rounds; ++t) {
        run.step(t < rounds / 2 ? 0.2 : 0.06, gradient);
        for (auto const x : download(run.w())) all.push_back(static_cast<double>(x));
    }
    all.push_back(static_cast<double>(run.traffic().total.up));
    all.push_back(static_cast<double>(run.traffic().total.down));
    all.push_back(run.traffic().floats);
    auto corrected = upload<B>(std::vector<T>(d));
    if constexpr (requires { run.mean(corrected); })
        run.mean(corrected);
    else
        run.corrected(corrected);
    for (auto const x : download(terse::view<B, T const>(corrected))) all.push_back(static_cast<double>(x));
    return all;
}

using any_compressor =
    terse::any_of<terse::top_k, terse::sampled_top_k, terse::threshold, terse::random_k, terse::random_block,
                  terse::scaled_sign, terse::blockwise<terse::scaled_sign>, terse::per_segment<terse::top_k>>;

/// What a run of every method with every compressor comes to on backend B.
template <class B, class T>
std::vector<outcome> every_method() {
    using namespace terse;
    constexpr std::size_t d = 5003;
    constexpr int rounds = 8;
    std::vector<outcome> all;
    auto const add = [&](std::string name, auto const& method) {
        all.push_back(make_outcome(std::move(name), trajectory<B, T>(method, d, rounds, {.workers = 3})));
    };
    struct choice {
        std::string name;
        any_compressor compressor;
    };
    layout const layers(
        std::vector<segment>{{.name = "a", .rows = 60, .cols = 70}, {.name = "b", .rows = 803, .cols = 1}});
    choice const choices[] = {
        {"top_k", top_k{.ratio = 0.05}},
        {"top_k, nearly all", top_k{.ratio = 0.9}},
        {"sampled_top_k", sampled_top_k{.ratio = 0.05, .sample = 0.1}},
        {"sampled_top_k, dgc", sampled_top_k{.ratio = 0.05, .how = sampled_top_k::rule::dgc, .sample = 0.1}},
        {"threshold", threshold{.at_least = 1.9}},
        {"random_k", random_k{.ratio = 0.3}},
        {"random_k, own", random_k{.ratio = 0.1, .shared_support = false, .unbiased = true}},
        {"random_block", random_block{.ratio = 0.3}},
        {"random_block, grid", random_block{.ratio = 0.3, .at = random_block::placement::grid}},
        {"scaled_sign", scaled_sign{}},
        {"blockwise", blockwise<scaled_sign>{.size = 1000}},
        {"per_segment", per_segment<top_k>{.inner = {.ratio = 0.05}, .layout = layers, .dense_below = 1000}},
    };
    for (auto const& [name, c] : choices) {
        add("gmc, " + name, gmc(c));
        add("gmc_plus, " + name, gmc_plus(c));
        add("gmc_server, " + name, gmc_server(c));
        add("gmc_lr_inside, " + name, gmc_lr_inside(c));
        add("dgc, " + name, dgc(c, {.factor_masking = false}));
        add("dgc_mfm, " + name, dgc(c, {.nesterov = true, .clip_norm = 60, .weight_decay = 1e-2}));
        add("def_a, " + name, def_a(c));
        add("ef_sgd, " + name, ef_sgd(c));
        add("ef_sgdm, " + name, ef_sgdm(c));
        add("ef_sgdm_dc, " + name, ef_sgdm_dc(c));
        add("dist_ef_sgdm, " + name, dist_ef_sgdm(c, {.weight_decay = 1e-2}));
        add("saef, " + name, saef(c, {.period = 3}));
        add("saef_dc, " + name, saef_dc(c, {.period = 3}));
    }
    add("dsgd", dsgd());
    add("dmsgd", dmsgd());
    add("dmsgd_local", dmsgd_local());
    add("nesterov", nesterov());
    add("dist_ef_sgdm", dist_ef_sgdm());
    add("sign_sgd", sign_sgd());
    oracle::for_each_drift_method([&](char const* name, auto const& method) { add(name, method); });
    add("minibatch_sgd", minibatch_sgd({.period = 3}));
    add("inner_outer_sgd", inner_outer_sgd({.period = 3, .inner_lr = 0.01}));
    add("ac_sa", ac_sa({.period = 2}));
    add("ac_sa, strongly convex", ac_sa({.period = 1, .strong_convexity = 0.3}));
    add("qsgd_sgd", qsgd_sgd());
    add("qsgd_sgd, Elias", qsgd_sgd({.levels = 5, .norm = norm::linf, .bucket = 100, .coding = level_coding::elias}));
    add("dq_sgd", dq_sgd());
    add("terngrad_sgd", terngrad_sgd());
    add("terngrad_sgd, clipped layers", terngrad_sgd(layers, {.clip = 2.5}));
    add("natural_sgd", natural_sgd());
    add("ef_sgd, composed", ef_sgd(composed<top_k, qsgd>{.select = {.ratio = 0.05}}));
    return all;
}

} // namespace terse_test
