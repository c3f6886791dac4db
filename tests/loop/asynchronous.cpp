// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/loop/asynchronous.hpp>
#include <terse/run/archive.hpp>

#include "oracle/follow.hpp"

BOOST_AUTO_TEST_SUITE(asynchronous_tests)

namespace {

using namespace oracle;
using sgd = terse::asynchronous<terse::cpu, double>;
using law = terse::compute_time::law;

terse::compute_time times(std::uint64_t seed) {
    return {.how = static_cast<law>(seed % 4),
            .mean = 2,
            .slow_workers = 1,
            .slow_factor = 1 + 0.5 * static_cast<double>(seed % 3)};
}
sgd start(random_run const& run, numbers& w, terse::network const& net = {}) {
    return {static_cast<std::uint32_t>(run.workers), times(run.seed), net,
            terse::view<terse::cpu, double>(w.data(), w.size()), run.seed};
}

} // namespace

// Line by line: a list of events (when, who), each with the model that was read.
BOOST_AUTO_TEST_CASE(follows_its_events) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        random_run const run(seed, kind::identity, 60);
        double const bytes = 32 + 8 * static_cast<double>(run.dimension);
        terse::network net{.worker = {0.1, 1000}, .server = {0.01, 1e4}};
        if (seed % 2 == 0) net = {};
        double const link = seed % 2 == 0 ? 0 : 0.1 + bytes / 1000, server = seed % 2 == 0 ? 0 : 0.01 + bytes / 1e4;
        numbers w = run.start, x = run.start;
        auto a = start(run, w, net);
        std::vector<numbers> model(run.workers, x);
        std::vector<std::uint64_t> version(run.workers, 0), sent(run.workers, 0);
        auto const takes = [&](std::size_t k) {
            return times(seed).seconds(
                {seed, sent[k], static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(run.workers)});
        };
        std::vector<double> arrival;
        for (std::size_t k = 0; k < run.workers; ++k) arrival.push_back(takes(k) + link);
        double busy = 0;
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            auto const k = static_cast<std::size_t>(std::ranges::min_element(arrival) - arrival.begin());
            BOOST_REQUIRE_EQUAL(a.step(run.lr[t], run.callback()), k);
            numbers g(run.dimension);
            run.user_gradient(k, sent[k], model[k], g);
            for (std::size_t i = 0; i < run.dimension; ++i) x[i] -= run.lr[t] * g[i];
            BOOST_REQUIRE_EQUAL(a.staleness(), t - version[k]);
            busy = std::max(busy, arrival[k]) + server;
            BOOST_REQUIRE_CLOSE(a.now(), busy, 1e-9);
            model[k] = x;
            version[k] = t + 1;
            ++sent[k];
            arrival[k] = busy + server + link + takes(k) + link;
            require_close("w", run, t, x, w, 1e-9);
        }
        BOOST_TEST(a.bytes_moved() == 2 * run.lr.size() * static_cast<std::uint64_t>(bytes));
    }
}

// Alone, and with equal times in turn, nothing is stale but what was read before the others' updates.
BOOST_AUTO_TEST_CASE(one_worker_is_plain_sgd) {
    random_run run(5, kind::identity, 30);
    numbers w(run.dimension, 1.0), x = w;
    sgd one(1, {}, {}, terse::view<terse::cpu, double>(w.data(), w.size()), 5);
    for (std::uint64_t t = 0; t < 30; ++t) {
        numbers g(run.dimension);
        run.user_gradient(0, t, x, g);
        for (std::size_t i = 0; i < run.dimension; ++i) x[i] -= 0.01 * g[i];
        one.step(0.01, run.callback());
        BOOST_TEST(one.staleness() == 0u);
        BOOST_TEST(one.now() == static_cast<double>(t + 1));
    }
    BOOST_TEST((w == x));
    sgd four(4, {}, {}, terse::view<terse::cpu, double>(w.data(), w.size()), 5);
    for (std::uint64_t t = 0; t < 12; ++t) {
        BOOST_TEST(four.step(0.01, [](auto, auto, auto g) { std::fill_n(g.data(), g.size(), 0.0); }) == t % 4);
        BOOST_TEST(four.staleness() == (t < 4 ? t : 3));
    }
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_changes_nothing_and_a_loaded_run_goes_on) {
    random_run const run(7, kind::identity, 40);
    numbers w = run.start, v = run.start, u = run.start;
    auto a = start(run, w), b = start(run, v), c = start(run, u);
    for (std::uint64_t t = 0; t < 40; ++t) {
        a.step(0.01, run.callback());
        BOOST_CHECK_THROW(b.step(0.01, [](auto, auto, auto) { throw std::runtime_error("no"); }), std::runtime_error);
        BOOST_CHECK_THROW(
            b.step(0.01, [](auto, auto,
                            auto g) { std::fill_n(g.data(), g.size(), std::numeric_limits<double>::infinity()); }),
            terse::non_finite_error);
        b.step(0.01, run.callback());
        if (t < 20) continue;
        if (t == 20) {
            terse::state_writer out;
            a.state(out);
            terse::state_reader in(out.bytes(), run.dimension);
            c.state(in);
            in.expect_end();
        } else {
            c.step(0.01, run.callback());
        }
        BOOST_TEST((w == v));
        BOOST_TEST((w == u));
        BOOST_TEST(a.now() == b.now());
        BOOST_TEST(a.now() == c.now());
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_makes_no_sense) {
    numbers w(3, 0.0), none;
    terse::view<terse::cpu, double> const x(w.data(), 3), empty(none.data(), 0);
    BOOST_CHECK_THROW(sgd(0, {}, {}, x), terse::configuration_error);
    BOOST_CHECK_THROW(sgd(1, {}, {}, empty), terse::dimension_error);
    BOOST_CHECK_THROW(sgd(1, {.mean = -1}, {}, x), terse::configuration_error);
    BOOST_CHECK_THROW(sgd(1, {}, {.worker = {0, 0}}, x), terse::configuration_error);
    sgd fine(1, {}, {}, x);
    for (double const bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(fine.step(bad, [](auto, auto, auto) {}), terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
