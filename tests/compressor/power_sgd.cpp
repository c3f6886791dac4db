// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <terse/cluster/simulated.hpp>
#include <terse/compressor/power_sgd.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/loop/train.hpp>
#include <terse/momentum/no_momentum.hpp>
#include <terse/testing/inputs.hpp>

#include "compressor/trial.hpp"

using namespace terse;

namespace {

/// The mean of what K workers have, worker k (k + 1) times v, and what comes of it, in several rounds.
template <class T, class F>
void approximate(power_sgd const& c, std::vector<T> const& v, std::uint32_t workers, F look) {
    std::vector<T> w(v.size(), T(0));
    auto run = train(compose(c, no_momentum{}, no_feedback{}), simulated{.workers = workers}, w, {.seed = 3});
    std::vector<T> mean = v;
    for (auto& x : mean) x *= static_cast<T>(workers + 1) / 2;
    for (int round = 0; round < 4; ++round) {
        std::ranges::fill(w, T(0));
        run.step(1, [&](worker_context at, auto, auto g) {
            for (std::size_t i = 0; i < g.size(); ++i) g[i] = static_cast<T>(at.worker + 1) * v[i];
        });
        std::vector<T> out = w;
        for (auto& x : out) x = -x;
        look(mean, out);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(power_sgd_tests)

// P P' is a projection: ||V - C(V)||^2 = ||V||^2 - ||C(V)||^2, so delta is never below 0, whatever V is.
BOOST_AUTO_TEST_CASE_TEMPLATE(is_a_projection, T, checks::scalars) {
    layout const layers({{"matrix", 7, 9}, {"vector", 4, 1}, {"wide", 3, 11}});
    for (auto const& in : testing::finite_inputs<T>(layers.size(), T(1e12)))
        for (std::size_t const rank : {1u, 2u, 3u})
            for (std::uint32_t const workers : {1u, 3u}) {
                auto const check = [&](auto const& v, auto const& out) {
                    auto const whole = checks::squared(v), kept = checks::squared(out);
                    auto const lost = checks::squared_distance(v, out);
                    using limits = std::numeric_limits<T>;
                    auto const tiny = 100 * static_cast<double>(limits::denorm_min()); // the rounding of denormals
                    auto const rounding = 200 * static_cast<double>(limits::epsilon()) * whole +
                                          std::sqrt(whole * static_cast<double>(v.size())) * tiny;
                    BOOST_TEST(std::fabs(whole - kept - lost) <= rounding, in.name + ", rank " + std::to_string(rank));
                };
                power_sgd const c{.rank = rank, .layout = layers};
                auto const largest =
                    std::fabs(*std::ranges::max_element(in.values, {}, [](T x) { return std::fabs(x); }));
                if (std::isfinite(largest * largest * T(100)))
                    approximate(c, in.values, workers, check);
                else // squares of factors are taken in T
                    BOOST_CHECK_THROW(approximate(c, in.values, workers, check), overflow_error);
            }
}

// The worst matrix has singular values that are all equal: any r directions keep r / n of it.
BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_its_part_of_the_identity, T, checks::scalars) {
    constexpr std::size_t n = 12;
    std::vector<T> identity(n * n);
    for (std::size_t i = 0; i < n; ++i) identity[i * n + i] = T(2.5);
    for (std::size_t rank = 1; rank <= n; ++rank)
        approximate({.rank = rank, .layout = layout({{"square", n, n}})}, identity, 2,
                    [&](auto const& v, auto const& out) {
                        auto const delta = 1 - checks::squared_distance(v, out) / checks::squared(v);
                        BOOST_TEST(std::fabs(delta - static_cast<double>(rank) / n) <
                                   100 * static_cast<double>(std::numeric_limits<T>::epsilon()));
                    });
}

BOOST_AUTO_TEST_SUITE_END()
