// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <cmath>

#include <terse/cluster/simulated.hpp>
#include <terse/compressor/composed.hpp>
#include <terse/compressor/qsgd.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/threshold.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/loop/train.hpp>
#include <terse/method/ef_sgd.hpp>

BOOST_AUTO_TEST_SUITE(composed_tests)

using namespace terse;

BOOST_AUTO_TEST_CASE_TEMPLATE(values_of_chosen_entries_are_compressed, T, checks::scalars) {
    std::vector<T> const v{1, -8, 3, 0, 4, -2};
    composed<top_k, scaled_sign> const c{.select = {.count = 3}};
    auto const t = checks::compressed(c, v);
    BOOST_TEST((t.decoded == std::vector<T>{0, -5, 5, 0, 5, 0})); // 15 / 3
    BOOST_TEST(t.count() == 3u);
    BOOST_TEST(t.out.bytes() == 32 + 8 + 1 + 1 + sizeof(T) + 1); // a bitmap of one byte
}

// What was not chosen, and the variance of the quantizer on what was.
BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_lost_is_as_stated, T, checks::scalars) {
    auto const v = testing::normal_vector<T>(100, 13);
    composed<top_k, qsgd> const c{.select = {.count = 20}, .quantize = {.levels = 2, .bucket = 0}};
    auto const kept = checks::compressed(c.select, v).decoded;
    double const norm = std::sqrt(checks::squared(kept));
    double expected = checks::squared_distance(kept, v);
    for (auto const x : kept) {
        double const r = 2 * std::fabs(static_cast<double>(x)) / norm;
        expected += (r - std::floor(r)) * (1 - r + std::floor(r)) * norm * norm / 4;
    }
    testing::average lost;
    for (std::uint64_t round = 0; round < 4000; ++round)
        lost.add(checks::squared_distance(checks::compressed(c, v, round).decoded, v));
    BOOST_TEST(std::fabs(lost.mean() - expected) < 5 * lost.error());
}

// The mean of sparse messages is sparse.
BOOST_AUTO_TEST_CASE(what_is_broadcast_is_sparse) {
    std::vector<float> w(1000, 1.0F);
    composed<top_k, qsgd> const c{.select = {.count = 10}};
    auto run = train(ef_sgd(c), simulated{.workers = 2}, w);
    run.step(0.1, [](worker_context at, auto x, auto g) {
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] * static_cast<float>((i + at.worker) % 97);
    });
    BOOST_TEST(run.traffic().by_kind[static_cast<std::size_t>(wire::kind::composed)].up == run.traffic().total.up);
    BOOST_TEST(run.traffic().by_kind[static_cast<std::size_t>(wire::kind::sparse)].down == run.traffic().total.down);
}

BOOST_AUTO_TEST_CASE(nothing_may_be_chosen) {
    auto const t = checks::compressed(composed<threshold, qsgd>{.select = {.at_least = 10}}, std::vector<float>(70, 1));
    BOOST_TEST(t.count() == 0u);
    BOOST_TEST(t.out.bytes() == 40u);
}

BOOST_AUTO_TEST_SUITE_END()
