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

// The inputs have a standard deviation of sqrt(10): 1% of them reach 8.15.
benchmarks const all([] {
    add_compressor("identity", terse::identity{});
    add_compressor("scaled_sign", terse::scaled_sign{});
    add_compressor("blockwise scaled_sign", terse::blockwise<terse::scaled_sign>{});
    add_compressor("threshold 8.15", terse::threshold{.at_least = 8.15});
    for (auto const ratio : {0.001, 0.01, 0.1}) {
        if (!options().full() && ratio != 0.01) continue;
        using rule = terse::sampled_top_k::rule;
        add_compressor("sampled_top_k", terse::sampled_top_k{.ratio = ratio}, ratio);
        add_compressor("sampled_top_k (DGC)", terse::sampled_top_k{.ratio = ratio, .how = rule::dgc}, ratio);
        add_compressor("random_k", terse::random_k{.ratio = ratio}, ratio);
        add_compressor("random_k, own support", terse::random_k{.ratio = ratio, .shared_support = false}, ratio);
        add_compressor("random_block", terse::random_block{.ratio = ratio}, ratio);
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
