// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Neither threads, nor how many gradients are held at once, nor another run beside it change a bit of a run.
#include <boost/test/unit_test.hpp>

#include <memory>

#include "oracle/all_methods.hpp"
#include "oracle/drift_methods.hpp"
#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

template <class Method>
numbers bits(random_run const& run, Method const& method, terse::simulated cluster) {
    numbers w = run.start;
    numbers all;
    auto sgd = terse::train(method, cluster, w, {.seed = run.seed});
    for (double const lr : run.lr) {
        sgd.step(lr, run.callback());
        all.insert(all.end(), w.begin(), w.end());
        if constexpr (requires { sgd.model(0); })
            for (std::size_t k = 0; k < run.workers; ++k)
                all.insert(all.end(), sgd.model(k).begin(), sgd.model(k).end());
    }
    all.push_back(static_cast<double>(sgd.traffic().total.total()));
    return all;
}

template <class Method>
void check(char const* name, random_run const& run, Method const& method) {
    auto const k = static_cast<std::uint32_t>(run.workers);
    auto const reference = bits(run, method, {.workers = k});
    for (unsigned const threads : {2u, 3u, 8u})
        BOOST_TEST((bits(run, method, {.workers = k, .threads = threads}) == reference),
                   name << " with " << threads << " threads");
    if constexpr (requires { method.compressor; })
        if (terse::Confers<decltype(method.compressor)>) return; // all gradients are in flight
    for (std::uint32_t const held : {1u, 2u, 4u, 99u})
        for (unsigned const threads : {1u, 3u})
            BOOST_TEST(
                (bits(run, method, {.workers = k, .threads = threads, .gradients_in_flight = held}) == reference),
                name << " with " << held << " gradients in flight and " << threads << " threads");
}

random_run five_workers(kind compressor, std::uint64_t seed) {
    random_run run(seed, compressor, 12);
    while (run.workers < 5 || run.dimension < 10) run = random_run(++seed, compressor, 12);
    return run;
}

} // namespace

BOOST_AUTO_TEST_SUITE(same_bits)

BOOST_AUTO_TEST_CASE(with_any_number_of_threads_and_of_gradients_in_flight) {
    for (auto const compressor : every_kind) {
        auto const run = five_workers(compressor, 7);
        for_each_compressed_method(run.library_compressor(),
                                   [&](char const* name, auto method) { check(name, run, run.around(method)); });
    }
    auto const run = five_workers(kind::identity, 7);
    for_each_fixed_method([&](char const* name, auto method) { check(name, run, run.around(method)); });
    for_each_talking_method(run.dimension,
                            [&](char const* name, auto method) { check(name, run, run.around(method)); });
    for_each_drift_method([&](char const* name, auto method) { check(name, run, run.around(method)); });
    for_each_decentralized_method(run.workers,
                                  [&](char const* name, auto method) { check(name, run, run.around(method)); });
    // Dense messages that are known as such are added up as they come.
    check("streamed", run, terse::saef_dc(terse::identity{}, {.period = 2}));
}

BOOST_AUTO_TEST_CASE(in_more_dimensions_than_a_block_of_any_verb) {
    constexpr std::size_t d = 70001;
    auto const run = [](auto method, unsigned threads) {
        std::vector<float> w(d, 1);
        auto sgd = terse::train(method, terse::simulated{.workers = 5, .threads = threads}, w, {.seed = 3});
        for (int t = 0; t < 4; ++t)
            sgd.step(0.1, [](terse::worker_context at, auto x, auto g) {
                for (std::size_t i = 0; i < d; ++i)
                    g[i] = x[i] * static_cast<float>(1 + (i * (at.worker + 3)) % 17) -
                           static_cast<float>(uniform({at.worker, at.round, i}));
            });
        return w;
    };
    auto const check = [&](auto method) {
        auto const reference = run(method, 1);
        for (unsigned const threads : {2u, 3u, 8u}) BOOST_TEST((run(method, threads) == reference));
    };
    check(terse::gmc({.ratio = 0.01}));
    check(terse::saef_dc(terse::scaled_sign{}, {.period = 2}));
    check(terse::dmsgd());
    check(terse::pr_sgd_m({.period = 2}));
}

BOOST_AUTO_TEST_CASE(beside_another_run) {
    auto const run = five_workers(kind::random_k, 11);
    auto const other = five_workers(kind::top_k, 30);
    auto const alone = trajectory(run, terse::saef_dc(run.library_compressor(), {.period = 3}));
    numbers w = run.start;
    numbers v = other.start;
    auto a =
        terse::train(terse::saef_dc(run.library_compressor(), {.period = 3}), run.cluster(2), w, {.seed = run.seed});
    auto b = terse::train(terse::gmc(other.library_compressor()), other.cluster(2), v, {.seed = 99});
    numbers all;
    for (std::size_t t = 0; t < run.lr.size(); ++t) {
        b.step(other.lr[t], other.callback());
        a.step(run.lr[t], run.callback());
        b.step(other.lr[t], other.callback());
        all.insert(all.end(), w.begin(), w.end());
    }
    BOOST_TEST((all == alone));
}

BOOST_AUTO_TEST_CASE(after_a_move_of_the_trainer) {
    auto const run = five_workers(kind::block, 12);
    auto const alone = trajectory(run, terse::gmc(run.library_compressor()));
    numbers w = run.start;
    numbers all;
    auto sgd = std::make_unique<decltype(terse::train(terse::gmc(run.library_compressor()), run.cluster(), w))>(
        terse::train(terse::gmc(run.library_compressor()), run.cluster(3), w, {.seed = run.seed}));
    for (double const lr : run.lr) {
        sgd = std::make_unique<std::remove_reference_t<decltype(*sgd)>>(std::move(*sgd));
        sgd->step(lr, run.callback());
        all.insert(all.end(), w.begin(), w.end());
    }
    BOOST_TEST((all == alone));
}

BOOST_AUTO_TEST_CASE(and_the_seed_decides_the_draws) {
    auto const run = five_workers(kind::random_k, 13);
    auto const with = [&](std::uint64_t seed) {
        numbers w = run.start;
        auto sgd = terse::train(terse::gmc(run.library_compressor()), run.cluster(), w, {.seed = seed});
        for (double const lr : run.lr) sgd.step(lr, run.callback());
        return w;
    };
    BOOST_TEST((with(1) == with(1)));
    BOOST_TEST((with(1) != with(2)));
}

BOOST_AUTO_TEST_SUITE_END()
