// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "joint_rounds.hpp"

namespace terse_test {

/// Layers of which some are equally long, and some are sent whole.
inline terse::layout some_layers() {
    return terse::layout({{.name = "a", .rows = 30, .cols = 20},
                          {.name = "a's bias", .rows = 30, .cols = 1},
                          {.name = "b", .rows = 20, .cols = 30},
                          {.name = "b's bias", .rows = 30, .cols = 1},
                          {.name = "c", .rows = 1243, .cols = 1}});
}

/// Those that have no pass of their own, and those around others. One type for all, or the test would take long to
/// compile.
using joint_compressor =
    terse::any_of<terse::random_block, terse::random_k, terse::threshold, terse::natural, terse::top_k,
                  terse::scaled_sign, terse::blockwise<terse::top_k>, terse::blockwise<terse::scaled_sign>,
                  terse::blockwise<terse::qsgd>, terse::blockwise<terse::random_k>, terse::per_segment<terse::top_k>,
                  terse::per_segment<terse::blockwise<terse::random_block>>, terse::half_values<terse::top_k>,
                  terse::half_values<terse::random_block>, terse::half_values<terse::random_k>,
                  terse::half_values<terse::per_segment<terse::top_k>>>;

/// f(name, compressor)
template <class F>
void for_each_joint_compressor(F f) {
    using namespace terse;
    top_k const some{.ratio = 0.05};
    random_k const own{.ratio = 0.05, .shared_support = false, .unbiased = true};
    per_segment<top_k> const layers{.inner = some, .layout = some_layers(), .dense_below = 100};
    f("random_block", random_block{.ratio = 0.3});
    f("random_block, grid", random_block{.ratio = 0.3, .at = random_block::placement::grid});
    f("random_k", random_k{.ratio = 0.05});
    f("random_k, own", own);
    f("threshold", threshold{.at_least = 1});
    f("natural", natural{});
    f("top_k", some);
    f("sign", scaled_sign{});
    f("blocks, top_k", blockwise<top_k>{.inner = some, .size = 200});
    f("blocks, sign", blockwise<scaled_sign>{.inner = {}, .size = 1000});
    f("blocks, qsgd", blockwise<qsgd>{.inner = {.bits = 4, .bucket = 0}, .size = 7}); // more than share launches
    f("blocks, random_k", blockwise<random_k>{.inner = {.ratio = 0.05}, .size = 1000});
    f("layers, top_k", layers);
    f("layers, blocks of random_block",
      per_segment<blockwise<random_block>>{
          .inner = {.inner = {.ratio = 0.3}, .size = 400}, .layout = some_layers(), .dense_below = 100});
    f("half top_k", half_values<top_k>{.inner = some});
    f("half random_block", half_values<random_block>{.inner = {.ratio = 0.3}, .to = wire::precision::fp16});
    f("half random_k", half_values<random_k>{.inner = own});
    f("half layers", half_values<per_segment<top_k>>{.inner = layers});
}

template <class B, class T>
std::vector<outcome> joint_compressors() {
    using namespace terse;
    joint_rounds<B, T> r;
    for_each_joint_compressor([&](std::string const& name, joint_compressor const& c) {
        r.add("gmc, " + name, gmc(c));
        r.add("dgc, " + name, dgc(c, {.nesterov = true}));
    });
    half_values<joint_compressor> const half{.inner = random_k{.ratio = 0.05, .unbiased = true}};
    r.add("gmc, half any of several", gmc(half));
    random_block const block{.ratio = 0.3};
    r.add("gmc, random_block itself", gmc(block));
    r.add("gmc_plus, random_block itself", gmc_plus(block));
    r.add("dgc, random_block itself", dgc(block));
    return std::move(r.all);
}

template <class B, class T>
std::vector<outcome> joint_compressor_failures() {
    using namespace terse;
    joint_rounds<B, T> r;
    for (auto const& [how, what] :
         {std::pair(", error", non_finite::error), std::pair(", propagate", non_finite::propagate)}) {
        auto const add = [&, how = how, what = what](std::string const& name, joint_compressor const& c) {
            r.add_failing("gmc, " + name + how, gmc(c), what);
            if (what == non_finite::error) r.add_failing("dgc, " + name + how, dgc(c), what);
        };
        add("random_block", random_block{.ratio = 0.3});
        add("random_k", random_k{.count = 1});
        add("blocks", blockwise<top_k>{.inner = {.count = 1}, .size = 7});
        add("layers", per_segment<top_k>{.inner = {.count = 1}, .layout = some_layers(), .dense_below = 700});
        add("half block", half_values<random_block>{.inner = {.ratio = 0.3}});
        add("top_k", top_k{.count = 1});
        add("threshold", threshold{.at_least = 1});
    }
    return std::move(r.all);
}

} // namespace terse_test
