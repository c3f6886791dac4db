// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/cluster/traffic.hpp>

BOOST_AUTO_TEST_SUITE(traffic)

using namespace terse;

BOOST_AUTO_TEST_CASE(bytes_are_added_up_by_round_and_by_kind) {
    traffic_account a;
    BOOST_TEST(a.rcc() == 0);
    a.begin_round(100, 4);
    a.add(wire::kind::sparse, {10, 0}, 2);
    a.add(wire::kind::sparse, {11, 0}, 2);
    a.add(wire::kind::dense, {0, 7}, 100);
    BOOST_TEST((a.round == bytes_moved{21, 7}));
    a.begin_round(100, 4);
    BOOST_TEST((a.round == bytes_moved{}));
    a.add(wire::kind::bundle, {5, 6}, 1);
    BOOST_TEST((a.round == bytes_moved{5, 6}));
    BOOST_TEST((a.total == bytes_moved{26, 13}));
    BOOST_TEST(a.total.total() == 39u);
    BOOST_TEST((a.by_kind[static_cast<std::size_t>(wire::kind::sparse)] == bytes_moved{21, 0}));
    BOOST_TEST((a.by_kind[static_cast<std::size_t>(wire::kind::dense)] == bytes_moved{0, 7}));
    BOOST_TEST((a.by_kind[static_cast<std::size_t>(wire::kind::bundle)] == bytes_moved{5, 6}));
    BOOST_TEST((a.by_kind[0] == bytes_moved{}));
    BOOST_TEST(a.rcc() == 105.0 / (2 * 2 * 100 * 4)); // 2 d for every worker and round
}

BOOST_AUTO_TEST_SUITE_END()
