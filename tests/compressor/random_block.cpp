// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <cmath>
#include <set>

#include <terse/compressor/random_block.hpp>

BOOST_AUTO_TEST_SUITE(random_block_tests)

using namespace terse;
using placement = random_block::placement;

BOOST_AUTO_TEST_CASE(a_block_is_consecutive_and_wraps_around) {
    auto const v = testing::normal_vector<double>(10, 2);
    std::set<std::size_t> starts;
    for (std::uint64_t round = 0; round < 300; ++round) {
        auto const t = checks::compressed(random_block{.count = 4}, v, round);
        starts.insert(t.out.first);
        BOOST_TEST_REQUIRE(t.count() == 4u);
        for (std::size_t j = 0; j < 4; ++j) {
            BOOST_TEST_REQUIRE(t.carries[(t.out.first + j) % 10]);
            BOOST_TEST_REQUIRE(t.out.values[j] == v[(t.out.first + j) % 10]);
        }
    }
    BOOST_TEST(starts.size() == 10u); // with those that wrap
}

BOOST_AUTO_TEST_CASE(a_block_of_the_grid_begins_at_a_multiple_and_the_last_is_shorter) {
    auto const v = testing::normal_vector<double>(10, 2);
    std::set<std::size_t> starts;
    for (std::uint64_t round = 0; round < 300; ++round) {
        auto const t = checks::compressed(random_block{.count = 4, .at = placement::grid}, v, round);
        starts.insert(t.out.first);
        BOOST_TEST_REQUIRE(t.count() == (t.out.first == 8 ? 2u : 4u));
        for (std::size_t j = 0; j < t.count(); ++j)
            BOOST_TEST_REQUIRE(t.decoded[t.out.first + j] == v[t.out.first + j]);
    }
    BOOST_TEST((starts == std::set<std::size_t>{0, 4, 8}));
}

// The start is uniform: chi-square with n - 1 degrees of freedom within 5 deviations.
BOOST_AUTO_TEST_CASE(every_start_is_equally_likely) {
    auto const v = testing::normal_vector<float>(40, 2);
    for (auto const where : {placement::anywhere, placement::grid}) {
        std::size_t const starts = where == placement::grid ? 8 : 40;
        std::vector<double> times(starts);
        constexpr int draws = 20000;
        for (std::uint64_t round = 0; round < draws; ++round) {
            auto const first = checks::compressed(random_block{.count = 5, .at = where}, v, round).out.first;
            ++times[where == placement::grid ? first / 5 : first];
        }
        auto const expected = draws / static_cast<double>(starts);
        double chi_square = 0;
        for (auto const n : times) chi_square += (n - expected) * (n - expected) / expected;
        auto const freedom = static_cast<double>(starts - 1);
        BOOST_TEST(std::fabs(chi_square - freedom) < 5 * std::sqrt(2 * freedom));
    }
}

// The kept energy is s/d of all anywhere, and 1 / ceil(d/k) on the grid, in expectation.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_loss_is_as_stated, T, checks::scalars) {
    auto const v = testing::normal_vector<T>(43, 3);
    for (auto const where : {placement::anywhere, placement::grid}) {
        testing::average lost;
        for (std::uint64_t round = 0; round < 20000; ++round)
            lost.add(checks::squared_distance(
                checks::compressed(random_block{.count = 10, .at = where}, v, round).decoded, v));
        double const delta = where == placement::grid ? 1.0 / 5 : 10.0 / 43;
        BOOST_TEST(std::fabs(lost.mean() - (1 - delta) * checks::squared(v)) < 5 * lost.error());
    }
}

BOOST_AUTO_TEST_CASE(all_workers_draw_the_same_block_and_no_indices_travel) {
    auto const v = testing::normal_vector<float>(1000, 4);
    for (std::uint64_t round = 0; round < 20; ++round) {
        auto const first = checks::compressed(random_block{.count = 100}, v, round, 0);
        for (std::uint32_t worker = 1; worker < 4; ++worker)
            BOOST_TEST(checks::compressed(random_block{.count = 100}, v, round, worker).out.first == first.out.first);
        BOOST_TEST(first.out.bytes() == 32u + 8 + 100 * 4);
        BOOST_TEST(first.out.floats() == 100);
    }
}

BOOST_AUTO_TEST_CASE(a_block_of_everything_is_everything) {
    auto const v = testing::normal_vector<float>(37, 5);
    for (auto const where : {placement::anywhere, placement::grid})
        for (std::uint64_t round = 0; round < 10; ++round)
            BOOST_TEST((checks::compressed(random_block{.ratio = 1, .at = where}, v, round).decoded == v));
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_are_refused) {
    checks::refuses<configuration_error>(random_block{.ratio = 0}, 10, "random_block");
    checks::refuses<configuration_error>(random_block{.count = 11}, 10, "random_block");
    BOOST_CHECK_NO_THROW(validate(random_block{.count = 10}, 10));
}

BOOST_AUTO_TEST_SUITE_END()
