// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "counted_device.cuh"
#include "methods.hpp"

namespace terse_test {

using counts = std::map<std::string, std::size_t>;

inline std::size_t of(counts const& all, std::string const& name) {
    auto const found = all.find(name);
    return found == all.end() ? 0 : found->second;
}
/// What is started in the third round, in which the momentum is that of a round like it.
template <class Method>
counts of_a_round(Method const& method, terse::simulated const& cluster) {
    constexpr std::size_t d = 9001;
    auto w = upload<counted_device>(std::vector<float>(d, 1.0F));
    auto run = terse::train(method, cluster, terse::view<counted_device, float>(w));
    auto const gradient = quadratics{d}.gradient<counted_device, float>(cluster.workers);
    run.step(0.1, gradient);
    run.step(0.1, gradient);
    start_counts::take();
    run.step(0.1, gradient);
    return start_counts::take();
}
/// Those that take are started as often for eight workers as for one, and of all else only what is named grows with
/// the number of workers.
template <class Method>
void takes_once(char const* name, Method const& method, std::vector<std::string> const& grows,
                std::vector<char const*> const& taking) {
    auto const one = of_a_round(method, {.workers = 1}), eight = of_a_round(method, {.workers = 8});
    for (auto const* kernel : taking) {
        BOOST_TEST(of(one, kernel) > 0u, name << ": " << kernel);
        BOOST_TEST(of(eight, kernel) == of(one, kernel), name << ": " << kernel);
    }
    for (auto const& [what, times] : eight)
        BOOST_TEST((times < 8 || std::ranges::count(grows, what) == 1), name << ": " << times << " " << what);
    auto const in_waves = of_a_round(method, {.workers = 8, .gradients_in_flight = 3});
    for (auto const* kernel : taking) BOOST_TEST(of(in_waves, kernel) == 3 * of(one, kernel), name << ": " << kernel);
}

} // namespace terse_test
