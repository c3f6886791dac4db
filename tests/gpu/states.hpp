// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <terse/run/checkpoint.hpp>

#include "methods.hpp"

namespace terse_test {

/// The states of runs on backend B after three rounds, and where runs end that go on from them; a run that was not
/// interrupted ends where its outcome says "straight".
template <class B, class T>
struct states {
    static constexpr std::size_t d = 1003;
    std::vector<outcome> all{};

    template <class Method>
    void add(std::string const& name, Method const& method, std::uint32_t later = 3,
             terse::worker_change change = terse::worker_change::refuse) {
        using terse::view;
        auto const gradient = quadratics{d}.gradient<B, T>(5);
        auto const steps = [&](auto& run) {
            for (int t = 0; t < 3; ++t) run.step(t < 2 ? 0.1 : 0.05, gradient);
        };
        auto const ends = [&](auto& run, char const* how) {
            steps(run);
            all.push_back(make_outcome(name + how, download(run.w())));
        };
        auto w = upload<B>(std::vector<T>(d, T(1))), v = upload<B>(std::vector<T>(d, T(-7)));
        auto run = terse::train(method, terse::simulated{.workers = 3}, view<B, T>(w), {.seed = 7});
        steps(run);
        auto const bytes = terse::save_state(run, name);
        std::vector<std::uint64_t> numbers;
        for (auto const b : bytes) numbers.push_back(std::to_integer<std::uint64_t>(b));
        all.push_back(make_outcome(name + ", state", numbers));
        auto resumed = terse::train(method, terse::simulated{.workers = later}, view<B, T>(v), {.seed = 7});
        terse::load_state(resumed, bytes, name, change);
        ends(resumed, ", resumed");
        if (later == 3) ends(run, ", straight");
    }
    auto adds() {
        return [&states = *this](std::string const& name, auto const& method) { states.add(name, method); };
    }
};

template <class B, class T>
std::vector<outcome> every_state() {
    using namespace terse;
    states<B, T> s;
    for (auto const& c :
         {oracle::every_compressor(top_k{.ratio = 0.05}), oracle::every_compressor(random_k{.ratio = 0.05}),
          oracle::every_compressor(random_block{.ratio = 0.05}), oracle::every_compressor(scaled_sign{}),
          oracle::every_compressor(blockwise<top_k>{.inner = {.ratio = 0.05}, .size = 300})}) {
        s.add("gmc", gmc(c));
        s.add("dgc", dgc(c));
        for (auto const change : {worker_change::sum, worker_change::average, worker_change::reset})
            s.add("gmc on five workers", gmc(c), 5, change);
    }
    oracle::for_each_talking_method(s.d, s.adds());
    oracle::for_each_drift_method(s.adds());
    return std::move(s.all);
}

} // namespace terse_test
