// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include <terse/data/batch.hpp>

BOOST_AUTO_TEST_SUITE(batch_tests)

using terse::batches;
using terse::sampling;
using rows = std::vector<std::uint32_t>;

rows share_of(std::uint32_t n) {
    rows r(n);
    for (std::uint32_t i = 0; i < n; ++i) r[i] = 100 + 3 * i;
    return r;
}
rows at(batches& b, std::uint64_t round) {
    auto const s = b(round);
    return {s.begin(), s.end()};
}

BOOST_AUTO_TEST_CASE(a_batch_has_distinct_rows_of_the_worker) {
    for (auto const mode : {sampling::shuffled, sampling::independent})
        for (std::uint32_t const n : {1u, 2u, 7u, 32u, 33u, 500u})
            for (std::size_t const size : {1u, 5u, 32u, 1000u}) {
                rows const mine = share_of(n);
                batches b(mine, 2, {.size = size, .seed = 9, .mode = mode});
                for (std::uint64_t round = 0; round < 60; ++round) {
                    auto const batch = at(b, round);
                    BOOST_TEST(batch.size() == std::min<std::size_t>(size, n));
                    BOOST_TEST(std::set<std::uint32_t>(batch.begin(), batch.end()).size() == batch.size());
                    for (auto const i : batch) BOOST_TEST(std::ranges::binary_search(mine, i));
                }
            }
}

BOOST_AUTO_TEST_CASE(rounds_may_be_asked_for_in_any_order) {
    for (auto const mode : {sampling::shuffled, sampling::independent}) {
        batches forward(share_of(50), 1, {.size = 8, .seed = 4, .mode = mode});
        std::vector<rows> seen;
        for (std::uint64_t round = 0; round < 40; ++round) seen.push_back(at(forward, round));
        batches backward(share_of(50), 1, {.size = 8, .seed = 4, .mode = mode});
        for (std::uint64_t round = 40; round-- > 0;) BOOST_TEST((at(backward, round) == seen[round]));
        BOOST_TEST((at(backward, 17) == seen[17]));
        BOOST_TEST((at(backward, 17) == seen[17]));
        batches far(share_of(50), 1, {.size = 8, .seed = 4, .mode = mode});
        std::uint64_t const last = std::numeric_limits<std::uint64_t>::max();
        BOOST_TEST((at(far, last) == at(backward, last)));
    }
}

BOOST_AUTO_TEST_CASE(seed_worker_and_round_decide) {
    for (auto const mode : {sampling::shuffled, sampling::independent}) {
        batches a(share_of(200), 1, {.size = 20, .seed = 4, .mode = mode});
        batches other_seed(share_of(200), 1, {.size = 20, .seed = 5, .mode = mode});
        batches other_worker(share_of(200), 2, {.size = 20, .seed = 4, .mode = mode});
        BOOST_TEST((at(a, 3) != at(other_seed, 3)));
        BOOST_TEST((at(a, 3) != at(other_worker, 3)));
        BOOST_TEST((at(a, 3) != at(a, 4)));
        BOOST_TEST((at(a, 3) != at(a, 13)));
    }
}

BOOST_AUTO_TEST_CASE(a_shuffled_epoch_shows_each_row_once) {
    batches b(share_of(48), 0, {.size = 8});
    BOOST_TEST(b.per_epoch() == 6u);
    for (std::uint64_t epoch = 0; epoch < 5; ++epoch) {
        std::set<std::uint32_t> seen;
        for (std::uint64_t i = 0; i < 6; ++i)
            for (auto const row : b(6 * epoch + i)) seen.insert(row);
        BOOST_TEST(seen.size() == 48u);
    }
    batches rest(share_of(50), 0, {.size = 8}); // two rows wait, other ones in each epoch
    BOOST_TEST(rest.per_epoch() == 6u);
    std::set<std::uint32_t> all;
    for (std::uint64_t round = 0; round < 60; ++round)
        for (auto const row : rest(round)) all.insert(row);
    BOOST_TEST(all.size() == 50u);
}

BOOST_AUTO_TEST_CASE(each_row_and_pair_is_drawn_equally_often) {
    for (auto const mode : {sampling::shuffled, sampling::independent}) {
        batches b({0, 1, 2, 3, 4}, 0, {.size = 2, .seed = 1, .mode = mode});
        std::vector<int> count(25);
        int const rounds = 40000;
        for (std::uint64_t round = 0; round < rounds; ++round) {
            auto const batch = b(round);
            ++count[batch[0] * 5 + batch[1]];
        }
        for (std::size_t i = 0; i < 5; ++i)
            for (std::size_t j = 0; j < 5; ++j)
                BOOST_TEST(std::abs(count[i * 5 + j] - (i == j ? 0 : rounds / 20)) <=
                           250); // 5 standard deviations are 218
    }
}

BOOST_AUTO_TEST_CASE(mistakes_are_refused) {
    BOOST_CHECK_THROW(batches({}, 3), terse::configuration_error);
    BOOST_CHECK_THROW(batches({1, 2}, 3, {.size = 0}), terse::configuration_error);
    batches tiny({5}, 3);
    BOOST_TEST(tiny.size() == 1u);
    BOOST_TEST(tiny(7)[0] == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
