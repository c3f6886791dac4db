// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// The quadratic experiment: two workers that pull apart.
#include <boost/test/unit_test.hpp>

#include <array>

#include <terse/method/def_a.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/problem/toy.hpp>

#include "oracle/random_run.hpp"

namespace {

// ||w_t - optimum|| for t = 0 .. steps, lr = 0.005, full gradients.
template <class Method>
std::vector<double> distances(terse::toy<double> const& toy, Method method, int steps) {
    auto const optimum = toy.problem.optimum();
    auto w = toy.start;
    auto const distance = [&] {
        double sum = 0;
        for (std::size_t i = 0; i < w.size(); ++i) sum += (w[i] - optimum[i]) * (w[i] - optimum[i]);
        return std::sqrt(sum);
    };
    auto sgd = terse::train(method, terse::simulated{.workers = 2}, w);
    std::vector<double> all{distance()};
    for (int t = 0; t < steps; ++t) {
        sgd.step(0.005, [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); });
        all.push_back(distance());
    }
    return all;
}

constexpr std::array<std::size_t, 8> printed_rounds = {0, 10, 50, 100, 200, 500, 1000, 2000};

// Each number as it was printed, and half a unit of its last digit. Below 1e-13 rounding decides: only the size counts.
struct printed {
    double value, half_digit;
};

template <class Method>
void check_row(Method method, std::array<printed, 8> const& row) {
    auto const found = distances(terse::toy_2(), method, 2000);
    for (std::size_t i = 0; i < row.size(); ++i) {
        auto const now = found[printed_rounds[i]];
        if (row[i].value < 1e-13)
            BOOST_TEST(now < 2e-14, "round " << printed_rounds[i] << ": " << now);
        else
            BOOST_TEST(std::fabs(now - row[i].value) <= 1.0001 * row[i].half_digit,
                       "round " << printed_rounds[i] << ": " << now << " instead of " << row[i].value);
    }
}

// The mean distance over t = 3000 .. 4000.
template <class Method>
double tail(terse::toy<double> const& toy, Method method) {
    auto const all = distances(toy, method, 4000);
    double sum = 0;
    for (std::size_t t = 3000; t < 4000; ++t) sum += all[t];
    return sum / 1000;
}

struct tails {
    double masked, unmasked, gmc, server;
};
tails top_k_tails(std::size_t d, std::size_t s) {
    auto const toy = terse::toy_20(d);
    return {tail(toy, terse::dgc({.count = s})), tail(toy, terse::dgc({.count = s, .factor_masking = false})),
            tail(toy, terse::gmc({.count = s})), tail(toy, terse::gmc_server({.count = s}))};
}

bool about(double x, double expected) { return std::fabs(x - expected) <= 0.05 * expected; }

} // namespace

BOOST_AUTO_TEST_SUITE(toy)

BOOST_AUTO_TEST_CASE(two_dimensions_without_compression) {
    check_row(terse::dmsgd(), {{{14.1421, 5e-5},
                                {9.42892, 5e-6},
                                {1.03805, 5e-6},
                                {0.0654172, 5e-8},
                                {1.344e-4, 5e-8},
                                {5.1e-11, 5e-13},
                                {5e-15, 0},
                                {5e-15, 0}}});
}
BOOST_AUTO_TEST_CASE(two_dimensions_dgc_with_masking) {
    check_row(terse::dgc({.count = 1}), {{{14.1421, 5e-5},
                                          {12.5583, 5e-5},
                                          {7.56112, 5e-6},
                                          {4.07076, 5e-6},
                                          {1.23249, 5e-6},
                                          {0.041483, 5e-7},
                                          {1.68e-4, 5e-7},
                                          {2.8e-9, 5e-11}}});
}
BOOST_AUTO_TEST_CASE(two_dimensions_dgc_without_masking_orbits) {
    check_row(terse::dgc({.count = 1, .factor_masking = false}), {{{14.1421, 5e-5},
                                                                   {4.23642, 5e-6},
                                                                   {10.0262, 5e-5},
                                                                   {9.0119, 5e-5},
                                                                   {9.01378, 5e-6},
                                                                   {9.01388, 5e-6},
                                                                   {9.01388, 5e-6},
                                                                   {9.01388, 5e-6}}});
}
BOOST_AUTO_TEST_CASE(two_dimensions_gmc) {
    check_row(terse::gmc({.count = 1}), {{{14.1421, 5e-5},
                                          {6.82041, 5e-6},
                                          {0.749447, 5e-7},
                                          {0.191175, 5e-7},
                                          {0.0171182, 5e-8},
                                          {6.2e-6, 5e-8},
                                          {1.4e-11, 5e-13},
                                          {5e-15, 0}}});
}
BOOST_AUTO_TEST_CASE(two_dimensions_server_momentum) {
    check_row(terse::gmc_server({.count = 1}), {{{14.1421, 5e-5},
                                                 {9.72115, 5e-6},
                                                 {1.15706, 5e-6},
                                                 {0.0829501, 5e-8},
                                                 {9.5e-5, 5e-7},
                                                 {1.6e-10, 5e-12},
                                                 {4e-15, 0},
                                                 {4e-15, 0}}});
}

BOOST_AUTO_TEST_CASE(two_dimensions_time_to_a_tenth) {
    auto const last_above = [](std::vector<double> const& all) {
        std::size_t last = 0;
        for (std::size_t t = 0; t < all.size(); ++t)
            if (all[t] >= 0.1 * all[0]) last = t;
        return last;
    };
    BOOST_TEST(last_above(distances(terse::toy_2(), terse::gmc({.count = 1}), 2000)) + 1 == 31);
    BOOST_TEST(last_above(distances(terse::toy_2(), terse::dgc({.count = 1}), 2000)) + 1 == 189);
    auto const orbit = distances(terse::toy_2(), terse::dgc({.count = 1, .factor_masking = false}), 2000);
    BOOST_TEST(*std::min_element(orbit.begin(), orbit.end()) > 0.1 * orbit[0]);
}

BOOST_AUTO_TEST_CASE(the_starts_are_as_far_as_printed) {
    BOOST_TEST(std::fabs(distances(terse::toy_20(), terse::dmsgd(), 0)[0] - 91.8965) < 5e-5);
    BOOST_TEST(std::fabs(distances(terse::toy_20(100), terse::dmsgd(), 0)[0] - 205.057) < 5e-4);
}

BOOST_AUTO_TEST_CASE(twenty_dimensions) {
    constexpr std::array<std::size_t, 3> s = {1, 2, 5};
    constexpr std::array<tails, 3> table = {
        {{14.03, 26.34, 3.76, 9.32}, {5.20, 12.77, 1.57, 2.09}, {1.52, 4.77, 0.51, 0.43}}};
    for (std::size_t i = 0; i < s.size(); ++i) {
        auto const t = top_k_tails(20, s[i]);
        BOOST_TEST(t.gmc < 0.3 * t.unmasked);
        BOOST_TEST(t.masked < t.unmasked);
        BOOST_TEST(t.gmc < t.masked);
        BOOST_TEST(about(t.masked, table[i].masked), t.masked);
        BOOST_TEST(about(t.unmasked, table[i].unmasked), t.unmasked);
        BOOST_TEST(about(t.gmc, table[i].gmc), t.gmc);
        BOOST_TEST(about(t.server, table[i].server), t.server);
    }
    auto const all = top_k_tails(20, 20);
    BOOST_TEST(all.masked < 1e-9);
    BOOST_TEST(all.unmasked < 1e-9);
    BOOST_TEST(all.gmc < 1e-9);
    BOOST_TEST(all.server < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_hundred_dimensions) {
    constexpr std::array<std::size_t, 3> s = {5, 10, 20};
    constexpr std::array<tails, 3> table = {
        {{32.2, 59.9, 7.65, 19.4}, {10.8, 28.4, 2.69, 4.44}, {4.99, 14.4, 1.05, 1.30}}};
    for (std::size_t i = 0; i < s.size(); ++i) {
        auto const t = top_k_tails(100, s[i]);
        BOOST_TEST(t.gmc < 0.3 * t.unmasked);
        BOOST_TEST(t.masked < t.unmasked);
        BOOST_TEST(t.gmc < t.masked);
        BOOST_TEST(about(t.masked, table[i].masked), t.masked);
        BOOST_TEST(about(t.unmasked, table[i].unmasked), t.unmasked);
        BOOST_TEST(about(t.gmc, table[i].gmc), t.gmc);
        BOOST_TEST(about(t.server, table[i].server), t.server);
    }
}

// A shared random window of s coordinates: only the pattern counts, the draws are the generator's own.
BOOST_AUTO_TEST_CASE(random_blocks_need_a_detached_point) {
    auto const toy = terse::toy_20();
    terse::random_block const one{.count = 1};
    double const start = distances(toy, terse::dmsgd(), 0)[0];
    auto const plain_def_a = tail(toy, terse::def_a(one, {.lambda = 0}));
    auto const plain_gmc = tail(toy, terse::gmc_plus(one, {.lambda = 0}));
    BOOST_TEST((!std::isfinite(plain_def_a) || plain_def_a > 100 * start), plain_def_a);
    BOOST_TEST(plain_gmc > 30, plain_gmc);
    for (double const lambda : {0.3, 0.5, 0.8, 1.0}) {
        auto const gmc = tail(toy, terse::gmc_plus(one, {.lambda = lambda}));
        auto const def_a = tail(toy, terse::def_a(one, {.lambda = lambda}));
        BOOST_TEST(gmc < 6, gmc);
        BOOST_TEST(gmc < 0.5 * def_a, gmc << " against " << def_a << " at lambda = " << lambda);
    }
    // Where plain feedback is stable it finds the optimum itself; a detached point of unlike workers is biased.
    terse::random_block const five{.count = 5};
    BOOST_TEST(tail(toy, terse::gmc_plus(five, {.lambda = 0})) < 1e-9);
    BOOST_TEST(tail(toy, terse::gmc_plus(five, {.lambda = 0.5})) > 1e-3);
}

BOOST_AUTO_TEST_SUITE_END()
