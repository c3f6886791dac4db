// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <terse/compressor/sampled_top_k.hpp>

BOOST_AUTO_TEST_SUITE(sampled_top_k_tests)

using namespace terse;
using rule = sampled_top_k::rule;

template <class T>
T smallest_sent(sparse_message<cpu, T> const& m) {
    T least = std::numeric_limits<T>::infinity();
    for (std::size_t j = 0; j < m.values.size(); ++j) least = std::min(least, std::fabs(m.values[j]));
    return least;
}

// Whatever the sample says: all that is as large as something sent is sent too, so no position is preferred.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_sent_entries_are_the_largest, T, checks::scalars) {
    for (auto const how : {rule::one_shot, rule::dgc})
        for (std::uint64_t round = 0; round < 40; ++round) {
            auto const v = testing::normal_vector<T>(5000, 2, round);
            auto const t = checks::compressed(sampled_top_k{.ratio = 0.02, .how = how}, v, round);
            auto const least = smallest_sent(t.out);
            auto const as_large = std::count_if(v.begin(), v.end(), [&](T x) { return std::fabs(x) >= least; });
            BOOST_TEST(t.out.indices.size() == static_cast<std::size_t>(as_large));
        }
}

BOOST_AUTO_TEST_CASE(the_dgc_rule_stays_within_its_bounds) {
    std::size_t cut = 0;
    for (std::uint64_t round = 0; round < 400; ++round) {
        auto const v = testing::normal_vector<float>(20000, 3, round % 20);
        auto const n = checks::compressed(sampled_top_k{.count = 200, .how = rule::dgc}, v, round).out.indices.size();
        BOOST_TEST(n >= 160u);
        BOOST_TEST(n <= 260u);
        cut += n == 200;
    }
    BOOST_TEST(cut > 20u); // the re-selection happens, and is exact
}

BOOST_AUTO_TEST_CASE(too_many_are_cut_to_the_exact_largest) {
    // Every sample meets ones only: the threshold is 1 and all entries reach it.
    std::vector<double> v(3000, 1.0);
    v[2999] = 5;
    v[1234] = -4;
    auto const t = checks::compressed(sampled_top_k{.count = 30, .how = rule::dgc}, v);
    BOOST_TEST(t.out.indices.size() == 30u);
    BOOST_TEST(t.carries[2999]); // a cut by position would have lost it
    BOOST_TEST(t.carries[1234]);
    for (std::size_t i = 0; i < 28; ++i) BOOST_TEST(t.carries[i]);
}

BOOST_AUTO_TEST_CASE(the_one_shot_count_is_right_on_average) {
    testing::average n;
    for (std::uint64_t round = 0; round < 400; ++round)
        n.add(static_cast<double>(
            checks::compressed(sampled_top_k{.count = 200}, testing::normal_vector<float>(20000, 4, round), round)
                .out.indices.size()));
    // The threshold is the 2nd largest of a sample of 200, whose expected rank is 2 (d + 1) / 201.
    BOOST_TEST(std::fabs(n.mean() - 2 * 20001.0 / 201) < 5 * n.error());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_sample_of_everything_is_exact, T, checks::scalars) {
    for (auto const how : {rule::one_shot, rule::dgc})
        for (std::size_t const d : {1u, 2u, 7u, 64u, 1000u}) {
            auto const v = testing::normal_vector<T>(d, 5);
            auto const exact = checks::compressed(top_k{.ratio = 0.3}, v);
            auto const t = checks::compressed(sampled_top_k{.ratio = 0.3, .how = how, .sample = 1}, v);
            BOOST_TEST(checks::indices_of(t.out) == checks::indices_of(exact.out));
        }
}

BOOST_AUTO_TEST_CASE(zeros_are_never_sent) {
    for (auto const how : {rule::one_shot, rule::dgc}) {
        std::vector<float> v(1000);
        BOOST_TEST(checks::compressed(sampled_top_k{.how = how}, v).out.indices.size() == 0u);
        v[500] = std::numeric_limits<float>::denorm_min();
        auto const t = checks::compressed(sampled_top_k{.how = how}, v);
        BOOST_TEST(checks::indices_of(t.out) == std::vector<std::size_t>{500});
    }
}

BOOST_AUTO_TEST_CASE(the_sample_is_drawn_anew_by_round_and_worker) {
    for (auto const how : {rule::one_shot, rule::dgc}) {
        sampled_top_k const c{.ratio = 0.05, .how = how};
        auto const v = testing::normal_vector<float>(5000, 6);
        std::size_t rounds = 0, workers = 0;
        for (std::uint64_t round = 1; round <= 10; ++round) {
            rounds += !checks::compressed(c, v, round).equals(checks::compressed(c, v, 0));
            workers += !checks::compressed(c, v, round, 1).equals(checks::compressed(c, v, round, 0));
        }
        // Different samples may cut at the same place, above all where dgc's rule corrects them.
        BOOST_TEST(rounds > (how == rule::dgc ? 0u : 5u));
        BOOST_TEST(workers > (how == rule::dgc ? 0u : 5u));
    }
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_are_refused) {
    for (double const sample : {0.0, -0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
        checks::refuses<configuration_error>(sampled_top_k{.sample = sample}, 10, "sampled_top_k");
    checks::refuses<configuration_error>(sampled_top_k{.ratio = 0}, 10, "sampled_top_k");
    checks::refuses<configuration_error>(sampled_top_k{.count = 11}, 10, "sampled_top_k");
    BOOST_CHECK_NO_THROW(validate(sampled_top_k{.sample = 1}, 1));
}

BOOST_AUTO_TEST_SUITE_END()
