// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <terse/cluster/simulated.hpp>
#include <terse/compressor/budgeted_quantizer.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/train.hpp>
#include <terse/method/dq_sgd.hpp>
#include <terse/momentum/no_momentum.hpp>

#include "oracle/random_run.hpp"

using namespace terse;

namespace {

/// What the budget is spent on, if the norms of the rounds are these.
std::vector<unsigned> plan(budgeted_quantizer const& c, std::size_t d, std::vector<double> const& norms) {
    std::vector<unsigned> all;
    double left = c.budget, sum = 0;
    for (std::size_t n = 0; n < norms.size(); ++n) {
        sum += norms[n];
        all.push_back(c.bits<float>(n, norms[n], sum / static_cast<double>(n + 1), left, d));
        left -= budgeted_quantizer::bits_of_round<float>(d, all.back());
    }
    return all;
}
double cost(std::size_t d, std::vector<unsigned> const& bits) {
    double sum = 0;
    for (auto const b : bits) sum += budgeted_quantizer::bits_of_round<float>(d, b);
    return sum;
}

} // namespace

BOOST_AUTO_TEST_SUITE(budgeted_quantizer_tests)

// The largest constant whose bits, this round's and those of all rounds after it, one after the other, fit.
BOOST_AUTO_TEST_CASE(follows_its_rule) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        auto const u = [&](std::uint64_t i) { return oracle::uniform({seed, 77, i}); };
        std::size_t const d = oracle::between(1, 300, u(0));
        std::uint64_t const rounds = oracle::between(1, 60, u(1));
        budgeted_quantizer const c{.rule = {.a = u(2) < 0.3 ? 1 : 0.8 + 0.2 * u(3), .rounds = rounds}};
        std::uint64_t const round = oracle::between(0, static_cast<std::size_t>(rounds - 1), u(4));
        double const now = std::exp(10 * u(5) - 5), later = std::exp(10 * u(6) - 5);
        auto const least = budgeted_quantizer::bits_of_round<double>(d, 2);
        auto const after = rounds - 1 - round;
        double const left = static_cast<double>(after + 1) * least * (1 + 4 * u(7));
        auto const planned = [&](double constant, std::uint64_t from) {
            auto rule = c.rule;
            rule.constant = constant;
            double sum = 0;
            for (auto n = from; n < rounds; ++n)
                sum += budgeted_quantizer::bits_of_round<double>(d, rule.bits(n, n == round ? now : later));
            return sum;
        };
        auto rule = c.rule;
        rule.constant = 1e-30;
        BOOST_TEST_REQUIRE(planned(rule.constant, round) <= left);
        for (double k = 1e-9; k < 1e9; k *= 1.001)
            if (planned(k, round) <= left) rule.constant = k;
        auto const found = c.bits<double>(round, now, later, left, d);
        auto const expected = rule.bits(round, now);
        auto more = rule; // the next constant that was looked at
        more.constant *= 1.001;
        BOOST_TEST((found == expected || found == more.bits(round, now)), seed);
    }
}

// The budget is never exceeded, whatever comes, and what is left would not pay for one more bit at the end.
BOOST_AUTO_TEST_CASE(keeps_the_budget_and_uses_it) {
    constexpr std::size_t d = 1000;
    constexpr std::uint64_t rounds = 200;
    for (double const a : {1.0, 0.99, 0.9})
        for (double const average : {2.0, 2.1, 3.0, 4.7, 9.0, 15.9})
            for (std::uint64_t seed = 0; seed < 6; ++seed) {
                std::vector<double> norms;
                for (std::uint64_t n = 0; n < rounds; ++n) {
                    auto const u = oracle::uniform({seed, 78, n}), t = static_cast<double>(n) / rounds;
                    norms.push_back(seed == 0   ? 5
                                    : seed == 1 ? 50 * std::exp(-8 * t)
                                    : seed == 2 ? 0.1 * std::exp(8 * t)
                                    : seed == 3 ? std::pow(u, -2)
                                    : seed == 4 ? (n % 7 == 0 ? 0 : u)
                                                : (n % 50 == 9 ? std::numeric_limits<double>::infinity() : 1 + u));
                }
                auto const whole = budgeted_quantizer::bits_of_round<float>(d, 2) + (average - 2) * d;
                budgeted_quantizer const c{.rule = {.a = a, .rounds = rounds}, .budget = std::ceil(whole * rounds)};
                auto const bits = plan(c, d, norms);
                auto const spent = cost(d, bits);
                BOOST_TEST(spent <= c.budget);
                if (seed < 4 && *std::max_element(bits.begin(), bits.end()) < 16) BOOST_TEST(spent > c.budget - d - 8);
                BOOST_TEST(*std::min_element(bits.begin(), bits.end()) >= 2u);
            }
}

BOOST_AUTO_TEST_CASE(more_bits_where_the_norm_is_large) {
    constexpr std::size_t d = 1000;
    std::vector<double> norms(100, 1.0);
    for (std::size_t n = 9; n < norms.size(); n += 10) norms[n] = 16;
    budgeted_quantizer const c{.rule = {.rounds = 100}, .budget = 100 * budgeted_quantizer::bits_of_round<float>(d, 5)};
    auto const bits = plan(c, d, norms);
    // Four more with one constant; the constant falls when a large norm is to be paid for.
    for (std::size_t n = 9; n < 90; n += 10) BOOST_TEST(bits[n] >= bits[n - 1] + 2);
    // Late rounds weigh more with a < 1.
    auto late = c;
    late.rule.a = 0.9;
    auto const rising = plan(late, d, std::vector<double>(100, 1.0));
    BOOST_TEST(rising.back() >= rising.front() + 5);
    BOOST_TEST(std::is_sorted(rising.begin() + 40, rising.end() - 10));
}

// What the account says was sent up is what was planned, to the bit.
BOOST_AUTO_TEST_CASE(the_account_agrees) {
    for (std::size_t const d : {1u, 7u, 300u}) {
        std::vector<float> w(d, 1.0F);
        auto const budget = 30 * budgeted_quantizer::bits_of_round<float>(d, 4);
        auto run =
            train(dq_sgd(budgeted_quantizer{.rule = {.rounds = 30}, .budget = budget}), simulated{.workers = 3}, w);
        for (int t = 0; t < 30; ++t)
            run.step(0.05, [](worker_context at, auto x, auto g) {
                for (std::size_t i = 0; i < g.size(); ++i)
                    g[i] = x[i] + static_cast<float>(oracle::uniform({at.worker, at.round, i}) - 0.5);
            });
        auto const up = 8 * static_cast<double>(run.traffic().total.up) / 3;
        BOOST_TEST(up <= budget);
        BOOST_TEST(up > budget - static_cast<double>(d) - 8);
        run.step(0.05, [](worker_context, auto x, auto g) { cpu::copy(x, g); }); // beyond the last round: two bits
        BOOST_TEST(8 * static_cast<double>(run.traffic().round.up) / 3 ==
                   budgeted_quantizer::bits_of_round<float>(d, 2));
    }
}

// With feedback a worker keeps what was not sent: the update and the residuals are the gradient.
BOOST_AUTO_TEST_CASE(what_is_not_sent_stays) {
    std::vector<double> w(100, 0.0);
    auto run =
        train(compose(budgeted_quantizer{.rule = {.rounds = 10}, .budget = 1e6}, no_momentum{}, standard_feedback{}),
              simulated{.workers = 2}, w);
    auto const gradient = [](worker_context at, auto, auto g) {
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = oracle::uniform({at.worker, i}) - 0.5;
    };
    for (int t = 1; t <= 3; ++t) {
        run.step(1, gradient);
        double far = 0;
        for (std::size_t i = 0; i < w.size(); ++i) {
            double const mean = (oracle::uniform({0, i}) + oracle::uniform({1, i})) / 2 - 0.5;
            far = std::max(far, std::fabs(-w[i] + (run.residual(0)[i] + run.residual(1)[i]) / 2 - t * mean));
        }
        BOOST_TEST(far < 1e-12);
    }
}

BOOST_AUTO_TEST_CASE(bad_options) {
    std::vector<float> w(10);
    auto const start = [&](budgeted_quantizer const& c) { train(dq_sgd(c), simulated{.workers = 2}, w); };
    auto const enough = 5 * budgeted_quantizer::bits_of_round<float>(10, 2);
    start({.rule = {.rounds = 5}, .budget = enough});
    BOOST_CHECK_THROW(start({.rule = {.rounds = 5}, .budget = enough - 1}), configuration_error);
    BOOST_CHECK_THROW(start({.rule = {.rounds = 5}, .budget = std::nan("")}), configuration_error);
    BOOST_CHECK_THROW(start({.budget = enough}), configuration_error);
    BOOST_CHECK_THROW(start({.rule = {.a = 2, .rounds = 5}, .budget = enough}), configuration_error);
    BOOST_CHECK_THROW(start({.rule = {.rounds = 5, .coding = level_coding::elias}, .budget = enough}),
                      configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
