// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <vector>

#include <terse/backend/cpu/division.hpp>

BOOST_AUTO_TEST_SUITE(division_tests)

using terse::division;
using terse::thread_pool;

BOOST_AUTO_TEST_CASE(parts_are_the_whole) {
    constexpr auto part = division::least_part;
    for (unsigned const threads : {1u, 2u, 3u, 8u}) {
        thread_pool pool(threads);
        for (std::size_t const d :
             {std::size_t{0}, std::size_t{1}, part - 1, part, 2 * part - 1, 2 * part, 2 * part + 1, 9 * part + 5})
            for (std::size_t const grain : {std::size_t{1}, std::size_t{64}, std::size_t{1000}, part, 3 * part}) {
                division const parts(d, grain, &pool);
                BOOST_TEST_REQUIRE(parts.parts() >= 1u);
                BOOST_TEST(parts.parts() <= threads);
                std::size_t next = 0;
                for (std::size_t p = 0; p < parts.parts(); ++p) {
                    BOOST_TEST(parts.begin(p) == next);
                    if (p > 0) BOOST_TEST(parts.begin(p) % grain == 0u);
                    if (parts.parts() > 1) BOOST_TEST(parts.begin(p) < parts.end(p));
                    next = parts.end(p);
                }
                BOOST_TEST(next == d);
            }
    }
}

BOOST_AUTO_TEST_CASE(long_vectors_are_divided_and_short_ones_not) {
    constexpr auto part = division::least_part;
    thread_pool pool(3);
    BOOST_TEST(division(3 * part, 64, &pool).parts() == 3u);
    BOOST_TEST(division(2 * part, 64, &pool).parts() == 2u);
    BOOST_TEST(division(2 * part - 1, 64, &pool).parts() == 1u);
    BOOST_TEST(division(3 * part, 64, nullptr).parts() == 1u);
    BOOST_TEST(division(3 * part, 3 * part, &pool).parts() == 1u);
}

BOOST_AUTO_TEST_CASE(each_part_is_done_once) {
    thread_pool pool(3);
    division const parts(3 * division::least_part, 1, &pool);
    std::vector<std::atomic<int>> done(3);
    parts.for_each([&](std::size_t p) { ++done.at(p); });
    for (auto const& n : done) BOOST_TEST(n == 1);
}

BOOST_AUTO_TEST_SUITE_END()
