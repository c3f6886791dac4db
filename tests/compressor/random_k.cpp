// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <cmath>
#include <set>

#include <terse/compressor/random_k.hpp>

BOOST_AUTO_TEST_SUITE(random_k_tests)

using namespace terse;

// Chi-square over positions: less than sum of (n_i - n k/d)^2 / (n k/d (1 - k/d)) (1 - 1/d), d - 1 degrees of freedom.
BOOST_AUTO_TEST_CASE(every_coordinate_is_sent_equally_often) {
    for (bool const shared : {true, false})
        for (std::size_t const k : {1u, 7u, 40u, 63u}) {
            constexpr std::size_t d = 64;
            constexpr int draws = 20000;
            std::vector<double> times(d);
            auto const v = testing::normal_vector<float>(d, 2);
            checks::trial<random_k, float> t;
            for (std::uint64_t round = 0; round < draws; ++round) {
                t.compress(random_k{.count = k, .shared_support = shared}, v, {1, round, 2, 4, 0});
                BOOST_TEST_REQUIRE(t.out.indices.size() == k);
                for (std::size_t j = 0; j < k; ++j) ++times[t.out.indices[j]];
            }
            double const p = static_cast<double>(k) / d;
            double chi_square = 0;
            for (auto const n : times)
                chi_square += (n - draws * p) * (n - draws * p) / (draws * p * (1 - p)) * (d - 1) / d;
            BOOST_TEST(chi_square < 63 + 5 * std::sqrt(2 * 63.0)); // mean and deviation of 63 degrees of freedom
            BOOST_TEST(chi_square > 63 - 5 * std::sqrt(2 * 63.0));
        }
}

// ||C(v) - v||^2 is (1 - k/d) ||v||^2 in expectation, and (d/k - 1) ||v||^2 when scaled.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_loss_is_as_stated, T, checks::scalars) {
    auto const v = testing::normal_vector<T>(50, 3);
    testing::average biased, unbiased;
    for (std::uint64_t round = 0; round < 20000; ++round) {
        biased.add(checks::squared_distance(checks::compressed(random_k{.count = 10}, v, round).decoded, v));
        unbiased.add(
            checks::squared_distance(checks::compressed(random_k{.count = 10, .unbiased = true}, v, round).decoded, v));
    }
    BOOST_TEST(std::fabs(biased.mean() - 0.8 * checks::squared(v)) < 5 * biased.error());
    BOOST_TEST(std::fabs(unbiased.mean() - 4 * checks::squared(v)) < 5 * unbiased.error());
}

BOOST_AUTO_TEST_CASE(unbiased_means_scaled_by_d_over_k) {
    auto const v = testing::normal_vector<double>(50, 3);
    auto const plain = checks::compressed(random_k{.count = 8}, v);
    auto const scaled = checks::compressed(random_k{.count = 8, .unbiased = true}, v);
    BOOST_TEST(plain.carries == scaled.carries);
    for (std::size_t j = 0; j < 8; ++j) BOOST_TEST(scaled.out.values[j] == plain.out.values[j] * 6.25);
}

BOOST_AUTO_TEST_CASE(a_shared_support_is_the_same_on_all_workers_and_needs_no_indices) {
    auto const v = testing::normal_vector<float>(1000, 4);
    std::set<std::vector<std::size_t>> shared, own;
    for (std::uint32_t worker = 0; worker < 8; ++worker) {
        auto const s = checks::compressed(random_k{.count = 20}, v, 5, worker);
        auto const o = checks::compressed(random_k{.count = 20, .shared_support = false}, v, 5, worker);
        shared.insert(checks::indices_of(s.out));
        own.insert(checks::indices_of(o.out));
        BOOST_TEST(s.out.bytes() == 32u + 8 + 20 * 4);
        BOOST_TEST(o.out.bytes() > s.out.bytes());
        BOOST_TEST(s.out.floats() == 20);
        BOOST_TEST(o.out.floats() == 40);
    }
    BOOST_TEST(shared.size() == 1u);
    BOOST_TEST(own.size() == 8u);
    auto const other_round = checks::compressed(random_k{.count = 20}, v, 6);
    BOOST_TEST((*shared.begin() != checks::indices_of(other_round.out)));
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_are_refused) {
    checks::refuses<configuration_error>(random_k{.ratio = 0}, 10, "random_k");
    checks::refuses<configuration_error>(random_k{.ratio = 1.5}, 10, "random_k");
    checks::refuses<configuration_error>(random_k{.count = 11}, 10, "random_k");
    BOOST_CHECK_NO_THROW(validate(random_k{.count = 10}, 10));
}

BOOST_AUTO_TEST_SUITE_END()
