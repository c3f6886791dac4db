// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <terse/cluster/compute_time.hpp>

BOOST_AUTO_TEST_SUITE(compute_time_tests)

namespace {

using terse::compute_time;
using law = compute_time::law;
constexpr law every_law[] = {law::constant, law::lognormal, law::exponential, law::pareto};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

terse::worker_context at(std::uint64_t round, std::uint32_t worker, std::uint64_t seed = 7) {
    return {seed, round, worker, 16};
}

std::vector<double> many(compute_time const& c, std::uint32_t worker = 3) {
    std::vector<double> all;
    for (std::uint64_t t = 0; t < 200'000; ++t) all.push_back(c.seconds(at(t, worker)));
    return all;
}
double mean(std::vector<double> const& x) {
    double sum = 0;
    for (double const y : x) sum += y;
    return sum / static_cast<double>(x.size());
}
// The part of draws above x.
double above(std::vector<double> const& draws, double x) {
    auto const n = std::ranges::count_if(draws, [x](double y) { return y > x; });
    return static_cast<double>(n) / static_cast<double>(draws.size());
}
// Five standard errors of a part of 200,000 draws.
double error(double p) { return 5 * std::sqrt(p * (1 - p) / 200'000); }

} // namespace

BOOST_AUTO_TEST_CASE(is_a_pure_function_of_seed_round_worker_and_step) {
    for (auto const how : every_law) {
        compute_time const c{.how = how};
        BOOST_TEST(c.seconds(at(5, 2)) == c.seconds(at(5, 2)));
        if (how == law::constant) continue;
        BOOST_TEST(c.seconds(at(5, 2)) != c.seconds(at(6, 2)));
        BOOST_TEST(c.seconds(at(5, 2)) != c.seconds(at(5, 3)));
        BOOST_TEST(c.seconds(at(5, 2)) != c.seconds(at(5, 2, 8)));
        auto later = at(5, 2);
        later.local_step = 1;
        BOOST_TEST(c.seconds(at(5, 2)) != c.seconds(later));
        BOOST_TEST(c.seconds(at(5, 2), 2) == c.seconds(at(5, 2)) + c.seconds(later));
    }
}

BOOST_AUTO_TEST_CASE(tails_are_those_of_the_law) {
    auto const lognormal = many({.how = law::lognormal, .mean = 2, .spread = 0.7});
    BOOST_TEST(std::abs(mean(lognormal) - 2) < 0.02);
    double const median = 2 * std::exp(-0.7 * 0.7 / 2);
    for (double const z : {-2.0, -1.0, 0.0, 1.0, 2.0, 3.0}) {
        double const p = 0.5 * std::erfc(z / std::sqrt(2.0));
        BOOST_TEST(std::abs(above(lognormal, median * std::exp(0.7 * z)) - p) < error(p), "z = " << z);
    }
    auto const exponential = many({.how = law::exponential, .mean = 3});
    BOOST_TEST(std::abs(mean(exponential) - 3) < 0.04);
    for (double const x : {0.1, 1.0, 3.0, 9.0, 15.0})
        BOOST_TEST(std::abs(above(exponential, x) - std::exp(-x / 3)) < error(std::exp(-x / 3)), "x = " << x);
    auto const pareto = many({.how = law::pareto, .mean = 1, .tail = 2.5});
    BOOST_TEST(std::abs(mean(pareto) - 1) < 0.02);
    double const least = 1.5 / 2.5;
    BOOST_TEST(*std::ranges::min_element(pareto) >= least * (1 - 1e-12));
    for (double const x : {1.1, 2.0, 5.0, 10.0}) {
        double const p = std::pow(x, -2.5);
        BOOST_TEST(std::abs(above(pareto, least * x) - p) < error(p), "x = " << x);
    }
    for (auto const how : every_law)
        for (double const x : many({.how = how})) BOOST_REQUIRE((x > 0 && std::isfinite(x)));
}

BOOST_AUTO_TEST_CASE(workers_are_independent) {
    compute_time const c{.how = law::exponential};
    double product = 0;
    for (std::uint64_t t = 0; t < 100'000; ++t) product += (c.seconds(at(t, 0)) - 1) * (c.seconds(at(t, 1)) - 1);
    BOOST_TEST(std::abs(product / 100'000) < 5 / std::sqrt(100'000.0));
}

BOOST_AUTO_TEST_CASE(slow_workers_are_slower_by_their_factor) {
    for (auto const how : every_law) {
        compute_time const c{.how = how}, slow{.how = how, .slow_workers = 2, .slow_factor = 4, .factors = {1, 0.5, 3}};
        double const factors[] = {4, 2, 3, 1};
        for (std::uint32_t k = 0; k < 4; ++k)
            BOOST_TEST(slow.seconds(at(9, k)) == c.seconds(at(9, k)) * factors[k], boost::test_tools::tolerance(1e-15));
    }
    BOOST_TEST(compute_time{.mean = 0}.seconds(at(0, 0)) == 0);
}

BOOST_AUTO_TEST_CASE(refuses_what_makes_no_sense) {
    using error = terse::configuration_error;
    for (double const bad : {-1.0, nan, infinity}) {
        BOOST_CHECK_THROW((compute_time{.mean = bad}.validate()), error);
        BOOST_CHECK_THROW((compute_time{.spread = bad}.validate()), error);
        BOOST_CHECK_THROW((compute_time{.tail = bad}.validate()), error);
        BOOST_CHECK_THROW((compute_time{.slow_factor = bad}.validate()), error);
        BOOST_CHECK_THROW((compute_time{.factors = {1, bad}}.validate()), error);
    }
    BOOST_CHECK_THROW((compute_time{.tail = 1}.validate()), error);
    BOOST_CHECK_NO_THROW((compute_time{.mean = 0}.validate()));
}

BOOST_AUTO_TEST_SUITE_END()
