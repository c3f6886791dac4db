// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <terse/cluster/network.hpp>
#include <terse/random.hpp>

BOOST_AUTO_TEST_SUITE(network_tests)

namespace {

using terse::network;
using terse::worker_load;
using pattern = network::pattern;
using loads = std::vector<worker_load>;
constexpr pattern every_pattern[] = {pattern::parameter_server, pattern::ring_all_reduce, pattern::ring_all_gather,
                                     pattern::neighbours};
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double alpha = 3e-4, beta = 1e-8; // seconds, seconds per byte
auto const close = boost::test_tools::tolerance(1e-12);

loads equal(std::uint32_t n, double bytes, double seconds = 0.5) {
    loads all;
    for (std::uint32_t k = 0; k < n; ++k) all.push_back({.worker = k, .seconds = seconds, .bytes = bytes});
    return all;
}

struct random_case {
    network net;
    loads all;
    double down;

    explicit random_case(std::uint64_t seed) {
        terse::random_stream const random(seed, terse::purpose::user);
        std::uint64_t i = 0;
        auto const u = [&] { return random.uniform(i++); };
        auto const n = 1 + static_cast<std::uint32_t>(random.below(i++, 9));
        net.how = every_pattern[random.below(i++, 4)];
        net.worker = {.latency = 1e-3 * u(), .bandwidth = 1e6 * (0.01 + u())};
        net.server = {.latency = 1e-3 * u(), .bandwidth = 1e7 * (0.01 + u())};
        if (u() < 0.5)
            for (std::uint32_t k = 0; k < n; ++k)
                net.workers.push_back({.latency = 1e-3 * u(), .bandwidth = 1e6 * (0.01 + u())});
        net.overlap = u() < 0.3 ? 0 : u();
        net.graph = terse::topology::ring(n);
        for (std::uint32_t k = 0; k < n; ++k) {
            bool const counts = u() < 0.8;
            all.push_back(
                {.worker = k, .seconds = u(), .bytes = 1e5 * u(), .delay = u() < 0.2 ? u() : 0, .counts = counts});
        }
        down = 1e5 * u();
    }
    terse::round_seconds round() const { return net.round(all, down); }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_link_takes_latency_and_bytes) {
    BOOST_TEST((terse::network_link{alpha, 1 / beta}.seconds(1000)) == alpha + 1000 * beta, close);
    BOOST_TEST((terse::network_link{alpha, infinity}.seconds(1e12)) == alpha);
    BOOST_TEST((terse::network_link{}.seconds(1e12)) == 0);
}

BOOST_AUTO_TEST_CASE(a_ring_reduces_in_the_known_time) {
    network const net{.how = pattern::ring_all_reduce, .worker = {alpha, 1 / beta}};
    for (std::uint32_t const n : {1u, 2u, 3u, 8u, 100u}) {
        double const d = 4e6;
        auto const r = net.round(equal(n, d), d);
        BOOST_TEST(r.up + r.down == 2 * (n - 1.0) / n * d * beta + 2 * (n - 1.0) * alpha, close);
        BOOST_TEST(r.up == r.down, close);
        BOOST_TEST(r.compute == 0.5);
        BOOST_TEST(r.wait == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_ring_gathers_in_the_known_time) {
    network const net{.how = pattern::ring_all_gather, .worker = {alpha, 1 / beta}};
    for (std::uint32_t const n : {1u, 2u, 3u, 8u, 100u}) {
        auto all = equal(n, 1000);
        all[n / 2].bytes = 5000; // the largest is on its way in each step
        auto const r = net.round(all, 4e6);
        BOOST_TEST(r.up == (n - 1.0) * (alpha + 5000 * beta), close);
        BOOST_TEST(r.down == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_parameter_server_takes_messages_one_by_one) {
    double const alpha_s = 1e-5, beta_s = 1e-9;
    network const net{.worker = {alpha, 1 / beta}, .server = {alpha_s, 1 / beta_s}};
    for (std::uint32_t const n : {1u, 2u, 3u, 8u, 100u}) {
        auto const r = net.round(equal(n, 1e6), 2e6);
        BOOST_TEST(r.up == alpha + 1e6 * beta + n * (alpha_s + 1e6 * beta_s), close);
        BOOST_TEST(r.down == alpha + 2e6 * beta + n * (alpha_s + 2e6 * beta_s), close);
    }
    // With a server of no limits only the links count, and who is early has sent before the slowest is ready.
    network const fast{.worker = {alpha, 1 / beta}};
    loads const two{{.worker = 0, .seconds = 1, .bytes = 1e9}, {.worker = 1, .seconds = 20, .bytes = 1e3}};
    auto const r = fast.round(two, 0);
    BOOST_TEST(r.up == alpha + 1e3 * beta, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(r.compute == 10.5);
    BOOST_TEST(r.wait == 9.5);
}

// Three messages at a server that is busy: the first at 1 + 2, for 5; the second came at 4 and waits; the third does
// not.
BOOST_AUTO_TEST_CASE(messages_queue_in_the_order_of_arrival) {
    network const net{.worker = {.latency = 2}, .server = {.latency = 5}};
    loads const three{{.worker = 0, .seconds = 30}, {.worker = 1, .seconds = 2}, {.worker = 2, .seconds = 1}};
    auto const r = net.round(three, 0);
    BOOST_TEST(r.compute == 11.0);
    BOOST_TEST(r.wait == 19.0);
    BOOST_TEST(r.up == 7.0);
    auto crowded = three;
    crowded[0].seconds = 3; // arrivals at 5, 4, 3: served until 8, 13, 18
    BOOST_TEST(net.round(crowded, 0).up == 15.0);
}

BOOST_AUTO_TEST_CASE(neighbours_send_to_each_of_them) {
    network net{.how = pattern::neighbours, .worker = {alpha, 1 / beta}, .graph = terse::topology::torus(4, 5)};
    auto const r = net.round(equal(20, 1e6), 4e6);
    BOOST_TEST(r.up == 4 * (alpha + 1e6 * beta), close);
    BOOST_TEST(r.down == 0);
    std::vector<terse::topology::edge> star;
    for (std::uint32_t k = 1; k < 7; ++k) star.push_back({0, k});
    net.graph = terse::topology(7, star);
    BOOST_TEST(net.round(equal(7, 1e6), 0).up == 6 * (alpha + 1e6 * beta), close);
    auto absent = equal(7, 1e6);
    for (std::uint32_t k = 1; k < 5; ++k) absent[k].counts = false;
    BOOST_TEST(net.round(absent, 0).up == 2 * (alpha + 1e6 * beta), close);
    net.graph = terse::topology::ring(1);
    BOOST_TEST(net.round(equal(1, 1e6), 0).up == 0);
}

// A path 0 - 1 - 2. What a worker sends takes its own link, and what it hears the slower of both.
BOOST_AUTO_TEST_CASE(links_of_neighbours_may_differ) {
    std::vector<terse::topology::edge> const path{{0, 1}, {1, 2}};
    network net{.how = pattern::neighbours, .worker = {}, .graph = terse::topology(3, path)};
    auto const up = [&](std::vector<terse::network_link> links, double b0, double b1, double b2) {
        net.workers = std::move(links);
        auto all = equal(3, 0, 0);
        all[0].bytes = b0, all[1].bytes = b1, all[2].bytes = b2;
        return net.round(all, 0).up;
    };
    // Worker 1 sends 40 bytes twice: 1 + 4 seconds each. It hears little, and the others hear faster than it sends.
    BOOST_TEST(up({{1, 10}, {1, 10}, {1, 10}}, 10, 40, 10) == 10.0);
    // It hears 30 and 50 bytes, one after the other: 1 + 3 and 1 + 5.
    BOOST_TEST(up({{1, 10}, {1, 10}, {1, 10}}, 30, 0, 50) == 10.0);
    // Worker 0 hears 60 bytes by the slower link, its own: 6 + 60 / 2. Worker 1 sends and hears less.
    BOOST_TEST(up({{6, 2}, {0, 100}, {0, 100}}, 0, 60, 0) == 36.0);
    // Worker 0 hears them from a slow one: with the latency of 6, and at 2 bytes a second.
    BOOST_TEST(up({{0, 100}, {6, 2}, {0, 100}}, 0, 60, 0) == 72.0); // which is what worker 1 sends, twice
    BOOST_TEST(up({{6, 10}, {1, 10}, {6, 10}}, 0, 0, 0) == 12.0);   // worker 1 hears twice with the latency of others
    // Late ones are waited for.
    net.workers = {{1, 10}, {1, 10}, {1, 10}};
    auto late = equal(3, 10, 0);
    late[2].seconds = 7;
    BOOST_TEST(net.round(late, 0).total() == 9.0); // 7, and 1 + 1 to worker 1
}

// The bandwidth in question is that of all links, also where workers have links of their own.
BOOST_AUTO_TEST_CASE(a_cost_is_at_a_bandwidth_of_all_links) {
    terse::method_cost const cost{.rounds = 3, .seconds = 0, .up = 100, .down = 0};
    network const own{.workers = {{1, 7}, {1, 9}}};
    // 1 + 2 seconds to the server, which takes 2 for each, one after the other, and 1 back.
    BOOST_TEST(cost.at(own, 2, 50) == 3 * (3 + 2 + 2 + 1.0), close);
    network const common{.worker = {1, 7}};
    BOOST_TEST(cost.at(own, 2, 50) == cost.at(common, 2, 50));
}

BOOST_AUTO_TEST_CASE(links_may_differ) {
    network net{.worker = {}, .workers = {{1, 10}, {2, 20}, {4, 5}}};
    auto const all = equal(3, 100, 0);
    BOOST_TEST(net.round(all, 10).up == 24.0);  // 1 + 10, 2 + 5, 4 + 20
    BOOST_TEST(net.round(all, 10).down == 6.0); // 1 + 1, 2 + 0.5, 4 + 2
    net.how = pattern::ring_all_gather;
    BOOST_TEST(net.round(all, 10).up == 2 * 24.0);
    net.how = pattern::ring_all_reduce;
    BOOST_TEST(net.round(all, 15).up == 2 * (4 + 100 / 3.0 / 5), close);
    BOOST_TEST(net.round(all, 15).down == 2 * (4 + 5 / 5.0), close);
}

BOOST_AUTO_TEST_CASE(communication_hides_behind_computation) {
    network net{.worker = {0, 10}, .overlap = 1};
    auto const all = equal(4, 20, 5); // 2 seconds up and 3 down, beside 5 of computation
    BOOST_TEST(net.round(all, 30).total() == 5.0);
    net.overlap = 0.8; // begins after 1 second
    auto const r = net.round(all, 30);
    BOOST_TEST(r.up == 0);
    BOOST_TEST(r.down == 1.0, close);
    net.overlap = 0;
    BOOST_TEST(net.round(all, 30).up == 2.0);
    BOOST_TEST(net.round(all, 30).down == 3.0);
}

BOOST_AUTO_TEST_CASE(laws) {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            random_case const c(seed);
            auto const r = c.round();
            double slowest = 0, wait = 0, n = 0;
            for (auto const& k : c.all)
                if (k.counts) slowest = std::max(slowest, k.seconds), ++n;
            for (auto const& k : c.all)
                if (k.counts) wait += (slowest - k.seconds) / n; // max - own
            BOOST_TEST(std::abs(r.wait - wait) < 1e-12);
            BOOST_TEST(std::abs(r.compute + r.wait - slowest) < 1e-12);
            for (double const part : {r.compute, r.wait, r.up, r.down}) BOOST_TEST(part >= 0);
            BOOST_TEST(r.total() >= slowest - 1e-12);

            auto const not_slower = [&](network const& better) {
                BOOST_TEST(better.round(c.all, c.down).total() <= r.total() + 1e-12);
            };
            auto faster = c.net;
            for (auto& l : faster.workers) l.bandwidth *= 2;
            faster.worker.bandwidth *= 2;
            not_slower(faster);
            faster = c.net;
            faster.server.bandwidth *= 3;
            not_slower(faster);
            faster = c.net;
            for (auto& l : faster.workers) l.latency /= 2;
            faster.worker.latency = faster.server.latency = 0;
            not_slower(faster);
            faster = c.net;
            faster.overlap = 1;
            not_slower(faster);
            faster.overlap = 0;
            BOOST_TEST(faster.round(c.all, c.down).total() >= r.total() - 1e-12);
            faster = c.net;
            faster.worker = faster.server = {};
            faster.workers.clear();
            double held_up = 0;
            for (auto const& k : c.all)
                if (k.counts) held_up = std::max(held_up, k.delay + k.seconds);
            BOOST_TEST(faster.round(c.all, c.down).total() <= held_up + 1e-12);

            auto more = c.all;
            for (auto& k : more) k.bytes += 1000;
            BOOST_TEST(c.net.round(more, c.down + 1000).total() >= r.total() - 1e-12);
            more = c.all;
            more.front().delay += 1;
            BOOST_TEST(c.net.round(more, c.down).total() >= r.total() - 1e-12);
            more = c.all;
            more.front().counts = false; // nobody waits for it
            BOOST_TEST(c.net.round(more, c.down).wait <= slowest);
        }
    }
}

BOOST_AUTO_TEST_CASE(nobody_and_nothing) {
    for (auto const how : every_pattern) {
        network net{.how = how, .worker = {alpha, 1 / beta}, .server = {alpha, 1 / beta}};
        net.graph = terse::topology::ring(2);
        BOOST_TEST(net.round({}, 0).total() == 0);
        auto none = equal(2, 1e6);
        none[0].counts = none[1].counts = false;
        auto const r = net.round(none, 0);
        BOOST_TEST(r.compute == 0);
        BOOST_TEST(r.wait == 0);
        BOOST_TEST(r.up == 0);
        BOOST_TEST(std::isfinite(r.total()));
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_makes_no_sense) {
    using error = terse::configuration_error;
    for (double const bad : {0.0, -1.0, nan}) {
        BOOST_CHECK_THROW((network{.worker = {0, bad}}.validate(2)), error);
        BOOST_CHECK_THROW((network{.server = {0, bad}}.validate(2)), error);
        BOOST_CHECK_THROW((network{.workers = {{0, 1}, {0, bad}}}.validate(2)), error);
    }
    for (double const bad : {-1e-9, nan, infinity}) {
        BOOST_CHECK_THROW((network{.worker = {bad, 1}}.validate(2)), error);
        BOOST_CHECK_THROW((network{.server = {bad, 1}}.validate(2)), error);
    }
    for (double const bad : {-0.1, 1.1, nan}) BOOST_CHECK_THROW((network{.overlap = bad}.validate(2)), error);
    BOOST_CHECK_THROW((network{.workers = {{0, 1}}}.validate(2)), error);
    BOOST_CHECK_THROW((network{.how = pattern::neighbours}.validate(2)), error);
    BOOST_CHECK_THROW((network{.how = pattern::neighbours, .graph = terse::topology::ring(3)}.validate(2)), error);
    BOOST_CHECK_NO_THROW((network{.worker = {0, infinity}}.validate(2)));
}

BOOST_AUTO_TEST_CASE(break_even_is_where_the_lines_cross) {
    // A ring of n: 2 (n - 1) / n bytes / bandwidth, so both times are straight lines in 1 / bandwidth.
    network const net{.how = pattern::ring_all_reduce};
    terse::method_cost const dense{.rounds = 100, .seconds = 0.1, .up = 4e6, .down = 4e6};
    terse::method_cost const small{.rounds = 130, .seconds = 0.12, .up = 4e4, .down = 4e4};
    double const n = 8, ring = 2 * (n - 1) / n;
    double const expected = ring * (100 * 4e6 - 130 * 4e4) / (130 * 0.12 - 100 * 0.1);
    BOOST_TEST(terse::break_even_bandwidth(small, dense, net, 8) == expected, boost::test_tools::tolerance(1e-8));
    BOOST_TEST(small.at(net, 8, expected) == dense.at(net, 8, expected), boost::test_tools::tolerance(1e-8));
    BOOST_TEST(small.at(net, 8, expected / 2) < dense.at(net, 8, expected / 2));
    BOOST_TEST(small.at(net, 8, expected * 2) > dense.at(net, 8, expected * 2));
    // The one with more bytes is never faster on a slow network.
    BOOST_TEST(terse::break_even_bandwidth(dense, small, net, 8) == 0);
    // What costs nothing more always pays.
    auto free = dense;
    free.up /= 2;
    BOOST_TEST(terse::break_even_bandwidth(free, dense, net, 8) == infinity);
    // Nor is anything faster than itself.
    BOOST_TEST(terse::break_even_bandwidth(dense, dense, net, 8) == 0);
    BOOST_CHECK_THROW(terse::break_even_bandwidth(small, dense, {.overlap = 2}, 8), terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
