// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <terse/terse.hpp>
#include <terse/testing/benchmark.hpp>

namespace {

using namespace terse::testing;

// 25 matrices, each with a bias of 64.
terse::layout layers(std::size_t d) {
    std::vector<terse::segment> all;
    for (std::size_t left = d, i = 0; left > 0; ++i) {
        auto const n = std::min(left, i % 2 == 0 ? std::max<std::size_t>(d / 25, 65) - 64 : 64);
        all.push_back({"layer " + std::to_string(i), n, 1});
        left -= n;
    }
    return terse::layout(std::move(all));
}

// What a lockstep round does: the message of the last round leaves the residual, here g, while it is read, and the new
// residual is written where the gradient was, here e.
void add_deferred_sign(std::size_t d) {
    add_benchmark({"scaled_sign take, deferred", d}, [](benchmark::State& state, benchmark_row const& row) {
        using terse::cpu;
        auto& x = vectors_of<float>(row.d, row.input);
        terse::scratch<cpu> temporary;
        terse::context<cpu> at;
        at.temporary = &temporary;
        terse::sign_message<cpu, float> out;
        terse::scaled_sign::deferred<float> of_e;
        auto const bytes = 8.0 * static_cast<double>(row.d);
        against_addition<float>(state, row, x, bytes, [&](terse::view<cpu, float> e, terse::view<cpu, float const> g) {
            terse::scaled_sign{}.take_deferred<cpu, float>(1.0F, g, {0.5F}, 1.0F, e, out, of_e, at);
        });
        report_message<float>(state, out, x.e());
    });
}

// The inputs have a standard deviation of sqrt(10): 1% of them reach 8.15.
benchmarks const all([] {
    add_compressor("identity", terse::identity{});
    add_compressor("scaled_sign", terse::scaled_sign{});
    for (auto const d : options().sizes({100'000, 25'000'000})) add_deferred_sign(d);
    add_compressor("blockwise scaled_sign", terse::blockwise<terse::scaled_sign>{});
    for (unsigned const bits : {8u, 4u}) {
        auto const name = "qsgd, " + std::to_string(bits) + " bits";
        add_compressor(name, terse::qsgd{.bits = bits});
        add_compressor(name + ", largest", terse::qsgd{.bits = bits, .norm = terse::norm::linf});
    }
    add_compressor("terngrad", terse::terngrad{});
    add_compressor("natural", terse::natural{});
    add_compressor("threshold 8.15", terse::threshold{.at_least = 8.15});
    for (auto const ratio : {0.001, 0.01, 0.1}) {
        if (!options().full() && ratio != 0.01) continue;
        using rule = terse::sampled_top_k::rule;
        add_compressor("sampled_top_k", terse::sampled_top_k{.ratio = ratio}, ratio);
        add_compressor("sampled_top_k (DGC)", terse::sampled_top_k{.ratio = ratio, .how = rule::dgc}, ratio);
        add_compressor("random_k", terse::random_k{.ratio = ratio}, ratio);
        add_compressor("random_k, own support", terse::random_k{.ratio = ratio, .shared_support = false}, ratio);
        add_compressor("random_block", terse::random_block{.ratio = ratio}, ratio);
        add_compressor("composed top_k, qsgd", terse::composed<terse::top_k, terse::qsgd>{.select = {.ratio = ratio}},
                       ratio);
        add_compressor("half_values of top_k", terse::half_values<terse::top_k>{.inner = {.ratio = ratio}}, ratio);
        add_compressor("blockwise top_k", terse::blockwise<terse::top_k>{.inner = {.ratio = ratio}}, ratio);
    }
    for (auto const d : options().sizes({1'000'000})) {
        terse::per_segment<terse::top_k> const layerwise{
            .inner = {.ratio = 0.01}, .layout = layers(d), .dense_below = 65};
        add_take<float>({"per_segment top_k, 25 layers", d, 0.01, "layers"}, layerwise);
    }
});

} // namespace
