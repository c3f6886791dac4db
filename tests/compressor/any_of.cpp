// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <type_traits>

#include <terse/compressor/any_of.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/top_k.hpp>

BOOST_AUTO_TEST_SUITE(any_of_tests)

using namespace terse;
using choice = any_of<identity, top_k, random_k, random_block, scaled_sign>;

// Messages of the same type appear once.
static_assert(std::is_same_v<choice::message<cpu, float>, either<dense_message<cpu, float>, sparse_message<cpu, float>,
                                                                 block_message<cpu, float>, sign_message<cpu, float>>>);

BOOST_AUTO_TEST_CASE_TEMPLATE(it_sends_what_the_chosen_one_sends, T, checks::scalars) {
    checks::trial<choice, T> reused;
    auto const compare = [&](auto const& c) {
        for (std::size_t const d : {5u, 64u, 1000u})
            for (std::uint64_t round = 0; round < 3; ++round) {
                auto const v = testing::normal_vector<T>(d, 2, round);
                auto const own = checks::compressed(c, v, round);
                reused.compress(choice(c), v, {1, round, 0, 4, 0});
                BOOST_TEST(testing::same_bits(reused.decoded, own.decoded));
                BOOST_TEST(reused.carries == own.carries);
                BOOST_TEST(reused.out.bytes() == own.out.bytes());
                BOOST_TEST(reused.out.floats() == own.out.floats());
                BOOST_TEST((wire::kind_of(reused.out) == wire::kind_of(own.out)));
            }
    };
    compare(identity{});
    compare(top_k{.count = 4});
    compare(random_k{.count = 4});
    compare(random_k{.count = 4, .shared_support = false});
    compare(random_block{.count = 4});
    compare(scaled_sign{});
}

BOOST_AUTO_TEST_CASE(the_chosen_one_validates) {
    checks::refuses<configuration_error>(choice(top_k{.count = 11}), 10, "top_k");
    checks::refuses<configuration_error>(choice(random_k{.ratio = 0}), 10, "random_k");
    BOOST_CHECK_NO_THROW(validate(choice{}, 10)); // the first one
}

BOOST_AUTO_TEST_SUITE_END()
