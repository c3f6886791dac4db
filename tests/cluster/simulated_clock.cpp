// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <terse/cluster/simulated_clock.hpp>
#include <terse/run/archive.hpp>

BOOST_AUTO_TEST_SUITE(simulated_clock_tests)

namespace {

using terse::attendance;
using terse::compute_time;
using terse::network;
using terse::part;
using terse::simulated_clock;
using bytes = std::vector<std::uint64_t>;
auto const close = boost::test_tools::tolerance(1e-12);

compute_time const draws{.how = compute_time::law::pareto, .mean = 2};
double drawn(std::uint64_t round, std::uint32_t worker) { return draws.seconds({11, round, worker, 3}); }

} // namespace

BOOST_AUTO_TEST_CASE(a_round_waits_for_the_slowest_worker) {
    simulated_clock clock({}, draws, 3, 11);
    double now = 0;
    for (std::uint64_t t = 0; t < 50; ++t) {
        auto const r = clock.advance(t, bytes{10, 10, 10}, {30, 30});
        double const own[] = {drawn(t, 0), drawn(t, 1), drawn(t, 2)};
        double const slowest = std::max({own[0], own[1], own[2]});
        BOOST_TEST(r.compute == (own[0] + own[1] + own[2]) / 3, close);
        BOOST_TEST(r.wait == slowest - r.compute, boost::test_tools::tolerance(1e-9));
        BOOST_TEST(r.up + r.down == 0);
        BOOST_TEST((clock.last() == r));
        now += slowest;
        BOOST_TEST(clock.now() == now, close);
    }
    BOOST_TEST(clock.total().total() == clock.now());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_messages_are_shared_evenly) {
    simulated_clock clock({.worker = {0, 10}}, {.mean = 0}, 2, 1);
    auto const r = clock.advance(0, bytes{20, 60}, {100, 60}); // 10 more from each; 30 down to each
    BOOST_TEST(r.up == 7.0, close);
    BOOST_TEST(r.down == 3.0, close);
}

BOOST_AUTO_TEST_CASE(only_those_that_count_are_waited_for) {
    simulated_clock clock({.worker = {0, 10}}, draws, 3, 11);
    std::vector<attendance> const present{
        {.part = part::counts, .delay = 100}, {.part = part::late}, {.part = part::absent}};
    auto const r = clock.advance(4, bytes{10, 5000, 0}, {5010, 60}, present);
    BOOST_TEST(r.compute == drawn(4, 0));
    BOOST_TEST(r.wait == 0);
    BOOST_TEST(r.up == 101.0, close);
    BOOST_TEST(r.down == 2.0, close); // 20 to each; worker 2 reads its own when it is back
    auto const everyone_away = std::vector<attendance>(3, {.part = part::crashed});
    BOOST_TEST(clock.advance(5, bytes{0, 0, 0}, {0, 30}, everyone_away).total() == 0);
}

BOOST_AUTO_TEST_CASE(local_steps_add_up) {
    simulated_clock clock({}, draws, 3, 11);
    auto const r = clock.advance(0, bytes{0, 0, 0}, {}, {}, 5);
    double slowest = 0;
    for (std::uint32_t k = 0; k < 3; ++k) {
        double own = 0;
        for (std::uint32_t i = 0; i < 5; ++i) own += draws.seconds({11, 0, k, 3, i});
        slowest = std::max(slowest, own);
    }
    BOOST_TEST(r.total() == slowest, close);
}

// Between two averages nobody waits: what counts is the slowest sum, not the sum of the slowest.
BOOST_AUTO_TEST_CASE(rounds_apart_are_waited_for_together) {
    for (double const overlap : {0.0, 0.5, 1.0}) {
        simulated_clock clock({.worker = {0, 10}, .overlap = overlap}, draws, 3, 11);
        double sums[3] = {}, start = 0;
        for (std::uint64_t t = 0; t < 60; ++t) {
            double mean = 0;
            for (std::uint32_t k = 0; k < 3; ++k) sums[k] += drawn(t, k), mean += drawn(t, k) / 3;
            if (t % 4 != 3) {
                auto const r = clock.advance_apart(t);
                BOOST_TEST(r.compute == mean, close);
                BOOST_TEST(r.wait + r.up + r.down == 0);
                continue;
            }
            auto const r = clock.advance(t, bytes{10, 10, 10}, {30, 60});
            BOOST_TEST(r.compute == mean, boost::test_tools::tolerance(1e-9));
            double slowest = 0, gathered = 0; // 1 second up, 2 down
            for (std::uint32_t k = 0; k < 3; ++k) {
                slowest = std::max(slowest, sums[k]);
                gathered = std::max(gathered, sums[k] - overlap * drawn(t, k) + 1);
            }
            start += std::max(slowest, gathered + 2);
            BOOST_TEST(clock.now() == start, boost::test_tools::tolerance(1e-9));
            BOOST_TEST(r.wait == slowest - (sums[0] + sums[1] + sums[2]) / 3, boost::test_tools::tolerance(1e-9));
            std::fill_n(sums, 3, 0.0);
        }
        BOOST_TEST(clock.total().total() == clock.now());
    }
}

BOOST_AUTO_TEST_CASE(graphs_may_take_turns) {
    using terse::topology;
    simulated_clock clock({.how = terse::network::pattern::neighbours, .worker = {1, 10}, .graph = topology::ring(4)},
                          {.mean = 0}, 4, 1);
    BOOST_TEST(clock.advance(0, bytes{10, 10, 10, 10}, {}).up == 4.0, close);
    clock.set_graph(topology::shift(4, 2));
    BOOST_TEST(clock.advance(1, bytes{10, 10, 10, 10}, {}).up == 2.0, close);
    BOOST_CHECK_THROW(clock.set_graph(topology::ring(3)), terse::configuration_error);
}

BOOST_AUTO_TEST_CASE(is_saved_and_loaded) {
    simulated_clock a({.worker = {0, 10}}, draws, 2, 3), b = a;
    for (std::uint64_t t = 0; t < 4; ++t) a.advance(t, bytes{1, 2}, {3, 4});
    a.advance_apart(4);
    terse::state_writer out;
    a.state(out);
    terse::state_reader in(out.bytes(), 1);
    b.state(in);
    BOOST_TEST((a.total() == b.total()));
    BOOST_TEST((a.last() == b.last()));
    BOOST_TEST((a.advance(5, bytes{1, 2}, {3, 4}) == b.advance(5, bytes{1, 2}, {3, 4})));
    BOOST_TEST(a.now() == b.now());
}

BOOST_AUTO_TEST_CASE(refuses_what_makes_no_sense) {
    BOOST_CHECK_THROW((simulated_clock({}, {}, 0, 1)), terse::configuration_error);
    BOOST_CHECK_THROW((simulated_clock({.worker = {0, 0}}, {}, 1, 1)), terse::configuration_error);
    BOOST_CHECK_THROW((simulated_clock({}, {.mean = -1}, 1, 1)), terse::configuration_error);
    simulated_clock clock({}, {}, 2, 1);
    BOOST_CHECK_THROW(clock.advance(0, bytes{1}, {}), terse::dimension_error);
    std::vector<attendance> const three(3);
    BOOST_CHECK_THROW(clock.advance(0, bytes{1, 1}, {}, three), terse::dimension_error);
    BOOST_TEST(clock.now() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
