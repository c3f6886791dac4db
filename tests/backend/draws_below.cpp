// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>

#include <terse/backend/cpu/draws_below.hpp>

BOOST_AUTO_TEST_SUITE(draws_below_tests)

using namespace terse;

// However many are asked for at a time, with all 32 bits of the worker and the round, and more than a batch.
BOOST_AUTO_TEST_CASE(they_are_the_stream_s) {
    for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
        if (!supported(form)) continue;
        for (std::uint64_t const n :
             {std::uint64_t{1}, std::uint64_t{1000}, (std::uint64_t{1} << 40) + 1, ~std::uint64_t{0}})
            for (std::size_t const most : {1u, 5u, 63u, 64u, 65u, 1000u}) {
                random_stream const random(n, purpose::support, 0xfedcba98, 0x87654321);
                draws_below draws(random, n, form);
                for (std::uint64_t i = 0; i < 300;) {
                    auto const drawn = draws.next(most);
                    BOOST_TEST_REQUIRE((!drawn.empty() && drawn.size() <= most));
                    for (auto const x : drawn) BOOST_TEST_REQUIRE(x == random.below(i++, n));
                }
            }
    }
}

BOOST_AUTO_TEST_SUITE_END()
