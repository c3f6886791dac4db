// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <terse/any_backend.hpp>
#include <terse/cluster/unreliable.hpp>
#include <terse/loop/asynchronous.hpp>

#include "oracle/all_methods.hpp"
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
template <class B, class T, class Method, class Cluster = terse::simulated>
std::vector<double> trajectory(Method const& method, std::size_t d, int rounds,
                               Cluster const& cluster = {.workers = 3}) {
    auto w = upload<B>(std::vector<T>(d, T(1)));
    auto run = terse::train(method, cluster, terse::view<B, T>(w), {.seed = 7});
    auto const gradient = quadratics{d}.gradient<B, T>(run.workers());
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

/// Outcomes of runs of 5,003 parameters on backend B, and eight rounds.
template <class B, class T>
struct runs {
    static constexpr std::size_t d = 5003; // no multiple of anything
    std::vector<outcome> all{};

    template <class Method, class Cluster = terse::simulated>
    void add(std::string name, Method const& method, Cluster const& cluster = {.workers = 3}) {
        all.push_back(make_outcome(std::move(name), trajectory<B, T>(method, d, 8, cluster)));
    }
    /// f(name, method) for oracle/: f.add(prefix + name, method)
    auto adds(std::string prefix = "") {
        return
            [&runs = *this, prefix](std::string const& name, auto const& method) { runs.add(prefix + name, method); };
    }
};

inline terse::layout two_layers() {
    return terse::layout({{.name = "a", .rows = 60, .cols = 70}, {.name = "b", .rows = 803, .cols = 1}});
}

/// What every method makes of every compressor.
template <class B, class T>
std::vector<outcome> compressed_methods() {
    using namespace terse;
    runs<B, T> r;
    auto const with = [&](std::string const& name, oracle::every_compressor const& c) {
        oracle::for_each_compressed_method(c, r.adds(name + ", "));
    };
    oracle::for_each_compressor(with);
    // More forms of some.
    with("top_k, nearly all", top_k{.ratio = 0.9});
    with("sampled_top_k, dgc", sampled_top_k{.ratio = 0.05, .how = sampled_top_k::rule::dgc, .sample = 0.1});
    with("random_k, unbiased", random_k{.ratio = 0.1, .shared_support = false, .unbiased = true});
    with("random_block, grid", random_block{.ratio = 0.3, .at = random_block::placement::grid});
    return std::move(r.all);
}

/// Compressors around others, or for one method.
template <class B, class T>
std::vector<outcome> other_compressors() {
    using namespace terse;
    runs<B, T> r;
    per_segment<top_k> const layers{.inner = {.ratio = 0.05}, .layout = two_layers(), .dense_below = 1000};
    r.add("dgc, per_segment", dgc(layers, {.factor_masking = false}));
    r.add("gmc, per_segment", gmc(layers));
    for (auto const to : {wire::precision::fp16, wire::precision::bf16}) {
        oracle::for_each_compressor([&](std::string const& name, oracle::every_compressor const& c) {
            half_values<oracle::every_compressor> const sixteen{.inner = c, .to = to};
            r.add("gmc_plus, half " + name, gmc_plus(sixteen));
            r.add("dgc, half " + name, dgc(sixteen));
        });
        r.add("ef_sgd, half per_segment", ef_sgd(half_values<per_segment<top_k>>{.inner = layers, .to = to}));
        r.add("ef_sgd, half qsgd", ef_sgd(half_values<qsgd>{.to = to}));
        r.add("ef_sgd, half natural", ef_sgd(half_values<natural>{.to = to}));
    }
    r.add("ef_sgd, composed", ef_sgd(composed<top_k, qsgd>{.select = {.ratio = 0.05}}));
    r.add("qsgd_sgd, Elias", qsgd_sgd({.levels = 5, .norm = norm::linf, .bucket = 100, .coding = level_coding::elias}));
    r.add("terngrad_sgd, clipped layers", terngrad_sgd(two_layers(), {.clip = 2.5}));
    r.add("dist_ef_sgdm", dist_ef_sgdm());
    oracle::for_each_talking_method(r.d, r.adds());
    return std::move(r.all);
}

/// Methods without a compressor to choose, and those whose workers have models.
template <class B, class T>
std::vector<outcome> other_methods() {
    runs<B, T> r;
    oracle::for_each_fixed_method(r.adds());
    oracle::for_each_drift_method(r.adds());
    oracle::for_each_decentralized_method(3, r.adds());
    return std::move(r.all);
}

/// Clusters in which things go wrong, and workers that do not wait for each other.
template <class B, class T>
std::vector<outcome> other_clusters() {
    using namespace terse;
    runs<B, T> r;
    unreliable const backup{.cluster = {.workers = 4}, .backups = 1};
    unreliable const faulty{
        .cluster = {.workers = 4},
        .faults = {
            .drop_out = 0.1, .crash = 0.1, .lose = 0.1, .corrupt = 0.2, .duplicate = 0.1, .acknowledged = false}};
    auto const on = [&](std::string const& name, unreliable const& cluster) {
        auto const with = [&](oracle::every_compressor const& c) { r.add(name + " workers, gmc", gmc(c), cluster); };
        with(top_k{.ratio = 0.05});
        with(scaled_sign{});
        with(blockwise<top_k>{.inner = {.ratio = 0.01}, .size = 1000});
        r.add(name + " workers, qsgd_sgd", qsgd_sgd(), cluster);
    };
    on("backup", backup);
    on("faulty", faulty);

    auto w = upload<B>(std::vector<T>(r.d, T(1)));
    auto const gradient = quadratics{r.d}.gradient<B, T>(3);
    asynchronous<B, T> run(3, {}, {}, view<B, T>(w), 7);
    for (int t = 0; t < 20; ++t) run.step(0.05, gradient);
    r.all.push_back(make_outcome("asynchronous", download(run.w())));
    return std::move(r.all);
}

} // namespace terse_test
