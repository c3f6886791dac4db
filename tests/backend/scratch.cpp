// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <vector>

#include <terse/backend/cpu.hpp>

BOOST_AUTO_TEST_SUITE(scratch_tests)

using terse::cpu;
using scratch = terse::scratch<cpu>;

BOOST_AUTO_TEST_CASE(what_is_taken_stays_until_the_scope_ends) {
    scratch s;
    scratch::scope const scope(s);
    std::vector<terse::view<cpu, double>> taken;
    for (std::size_t i = 0; i < 50; ++i) {
        taken.push_back(s.take<double>(10 + i));
        for (auto& x : taken.back()) x = static_cast<double>(i);
    }
    for (std::size_t i = 0; i < 50; ++i) {
        BOOST_TEST(taken[i].size() == 10 + i);
        for (auto const x : taken[i]) BOOST_TEST_REQUIRE(x == static_cast<double>(i));
    }
}

BOOST_AUTO_TEST_CASE(the_same_requests_get_the_same_memory) {
    scratch s;
    std::vector<void*> first;
    for (int round = 0; round < 3; ++round) {
        scratch::scope const scope(s);
        std::vector<void*> got{s.take<float>(100).data()};
        {
            scratch::scope const inner(s);
            got.push_back(s.take<double>(7).data());
        }
        got.push_back(s.take<char>(30).data()); // the inner scope gave its slot back
        if (round == 0) first = got;
        BOOST_TEST((got == first));
        BOOST_TEST(got[1] == got[2]);
        BOOST_TEST(got[0] != got[1]);
    }
}

BOOST_AUTO_TEST_CASE(nothing_may_be_taken) {
    scratch s;
    BOOST_TEST(s.take<float>(0).size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
