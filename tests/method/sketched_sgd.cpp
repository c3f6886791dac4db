// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/method/dsgd.hpp>
#include <terse/method/sketched_sgd.hpp>

#include "oracle/follow.hpp"
#include "oracle/sketch.hpp"

using namespace oracle;

namespace {

// Sketched-SGD as its authors' code has it, with the mean in place of the sum.
struct paper {
    random_run const& run;
    terse::sketched_sgd_options o;
    plain_sketch sketch{run, o.table};
    numbers w = run.start;
    std::vector<numbers> m = zeros_for_each_worker(run);
    std::vector<numbers> e = zeros_for_each_worker(run);

    void step(std::uint64_t t, double lr) {
        auto const workers = static_cast<double>(run.workers);
        numbers table(sketch.size(), 0.0);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                m[k][i] = run.beta * m[k][i] + g[i];
                e[k][i] += m[k][i];
            }
            sketch.add(1 / workers, e[k], table);
        }
        auto const estimate = sketch.estimate(table);
        std::vector<std::size_t> sent;
        numbers value = estimate;
        if (o.candidates == 0) {
            sent = heaviest(estimate, o.count);
        } else {
            numbers exact = zeros(run);
            for (auto const i : heaviest(estimate, std::min(o.candidates * o.count, run.dimension)))
                for (auto const& v : e) exact[i] += v[i] / workers;
            sent = heaviest(exact, o.count);
            value = exact;
        }
        for (auto const i : sent) {
            w[i] -= lr * value[i] * (o.sum ? workers : 1);
            for (std::size_t k = 0; k < run.workers; ++k) m[k][i] = e[k][i] = 0;
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(sketched_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_algorithm) {
    for_many_runs({kind::top_k}, [](random_run const& run) {
        for (std::size_t const candidates : {0u, 1u, 4u})
            for (bool const sum : {false, true}) {
                terse::sketched_sgd_options const o{
                    .count = run.k, .table = random_table(run), .candidates = candidates, .sum = sum, .beta = run.beta};
                follow(run, run.around(terse::sketched_sgd(o)), paper{run, o});
            }
    });
}

BOOST_AUTO_TEST_CASE(without_collisions_and_with_every_coordinate_is_sgd) {
    for_many_runs({kind::top_k}, [](random_run const& run) {
        for (std::size_t const candidates : {0u, 2u}) {
            auto const method = terse::sketched_sgd(
                {.count = run.dimension, .table = {.columns = 1 << 12}, .candidates = candidates, .beta = run.beta});
            numbers w[2]{run.start, run.start};
            auto one = terse::train(method, run.cluster(), w[0], {.seed = run.seed});
            auto other = terse::train(terse::dsgd(), run.cluster(), w[1]);
            for (std::size_t t = 0; t < run.lr.size(); ++t) {
                one.step(run.lr[t], run.callback());
                other.step(run.lr[t], run.callback());
                require_close("w", run, t, w[1], w[0], 1e-12);
            }
        }
    });
}

BOOST_AUTO_TEST_CASE(counts_both_rounds_both_ways) {
    constexpr std::size_t d = 1000, k = 10;
    std::vector<float> w(d, 1);
    auto const gradient = [](terse::worker_context at, auto x, auto g) {
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] * static_cast<float>((i * i + at.worker) % 97);
    };
    auto run = terse::train(terse::sketched_sgd({.count = k, .table = {.rows = 5, .columns = 160}, .candidates = 3}),
                            terse::simulated{.workers = 4}, w);
    run.step(0.01, gradient);
    auto const& by_kind = run.traffic().by_kind;
    auto const of = [&](terse::wire::kind kind) { return by_kind[static_cast<std::size_t>(kind)]; };
    BOOST_TEST(of(terse::wire::kind::sketch).up == 4 * (32 + 8 + 4 * 5 * 160));
    BOOST_TEST(of(terse::wire::kind::sketch).down == 0u);
    BOOST_TEST(of(terse::wire::kind::sparse).up == 4 * (32 + 8 + 4 * 3 * k)); // no indices
    BOOST_TEST(of(terse::wire::kind::support).up == 0u);
    auto const asked = of(terse::wire::kind::support).down;
    BOOST_TEST(asked >= 4 * (32 + 8 + 3 * k)); // gaps of a byte or two
    BOOST_TEST(asked <= 4 * (32 + 8 + 2 * 3 * k));
    auto const sent = of(terse::wire::kind::sparse).down;
    BOOST_TEST(sent >= 4 * (32 + 8 + k + 4 * k));
    BOOST_TEST(sent <= 4 * (32 + 8 + 2 * k + 4 * k));
    BOOST_TEST(run.traffic().floats == 4.0 * (5 * 160 + 3 * k + 3 * k + 2 * k));
}

BOOST_AUTO_TEST_SUITE_END()
