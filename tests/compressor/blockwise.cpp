// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <algorithm>

#include <terse/compressor/blockwise.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/top_k.hpp>

BOOST_AUTO_TEST_SUITE(blockwise_tests)

using namespace terse;

// The inner compressor on every block by hand, with the context of that part.
template <class C, class T>
void is_the_inner_one_on_each_block(blockwise<C> const& c, std::vector<T> const& v) {
    worker_context const who{1, 2, 3, 4, 0};
    checks::trial<blockwise<C>, T> whole;
    whole.compress(c, v, who);
    auto const blocks = (v.size() + c.size - 1) / c.size;
    BOOST_TEST_REQUIRE(whole.out.parts.size() == blocks);
    std::uint64_t bytes = 32;
    for (std::size_t i = 0; i < blocks; ++i) {
        auto const first = i * c.size;
        auto const n = std::min(c.size, v.size() - first);
        std::vector<T> const part(v.begin() + static_cast<std::ptrdiff_t>(first),
                                  v.begin() + static_cast<std::ptrdiff_t>(first + n));
        checks::trial<C, T> inner;
        context<cpu> at{who};
        at.temporary = &inner.temporary;
        c.inner.compress(view<cpu, T const>(part.data(), n), inner.out, at.part(i));
        inner.decode(n);
        for (std::size_t j = 0; j < n; ++j) {
            BOOST_TEST_REQUIRE(testing::same_bits(whole.decoded[first + j], inner.decoded[j]));
            BOOST_TEST_REQUIRE(whole.carries[first + j] == inner.carries[j]);
        }
        bytes += 8 + inner.out.bytes() - 32; // a part has a small header instead of the large one
    }
    BOOST_TEST(whole.out.bytes() == bytes);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(it_is_the_inner_one_on_each_block, T, checks::scalars) {
    for (std::size_t const d : {1u, 15u, 16u, 17u, 100u, 128u}) {
        auto const v = testing::normal_vector<T>(d, 2);
        is_the_inner_one_on_each_block(blockwise<top_k>{.inner = {.ratio = 0.2}, .size = 16}, v);
        is_the_inner_one_on_each_block(blockwise<scaled_sign>{.size = 16}, v);
        is_the_inner_one_on_each_block(blockwise<random_k>{.inner = {.ratio = 0.3}, .size = 16}, v);
        is_the_inner_one_on_each_block(
            blockwise<random_k>{.inner = {.ratio = 0.3, .shared_support = false}, .size = 16}, v);
        is_the_inner_one_on_each_block(blockwise<scaled_sign>{.size = 1}, v);
    }
}

BOOST_AUTO_TEST_CASE(one_block_of_everything_is_the_inner_one) {
    auto const v = testing::normal_vector<float>(50, 3);
    BOOST_TEST((checks::compressed(blockwise<scaled_sign>{.size = 50}, v).decoded ==
                checks::compressed(scaled_sign{}, v).decoded));
    BOOST_TEST((checks::compressed(blockwise<scaled_sign>{.size = std::size_t(-1)}, v).decoded ==
                checks::compressed(scaled_sign{}, v).decoded));
}

BOOST_AUTO_TEST_CASE(blocks_draw_different_numbers) {
    auto const v = testing::normal_vector<float>(64, 4);
    auto const t = checks::compressed(blockwise<random_k>{.inner = {.count = 8}, .size = 32}, v);
    BOOST_TEST((checks::indices_of(t.out.parts[0]) != checks::indices_of(t.out.parts[1])));
    // The parts of parts, too.
    auto const nested =
        checks::compressed(blockwise<blockwise<random_k>>{.inner = {.inner = {.count = 4}, .size = 16}, .size = 32}, v);
    BOOST_TEST((checks::indices_of(nested.out.parts[0].parts[1]) != checks::indices_of(nested.out.parts[1].parts[0])));
    BOOST_TEST((checks::indices_of(nested.out.parts[0].parts[0]) != checks::indices_of(nested.out.parts[1].parts[1])));
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_are_refused) {
    checks::refuses<configuration_error>(blockwise<scaled_sign>{.size = 0}, 10, "blockwise");
    checks::refuses<configuration_error>(blockwise<top_k>{.inner = {.count = 5}, .size = 4}, 12, "top_k");
    checks::refuses<configuration_error>(blockwise<top_k>{.inner = {.count = 3}, .size = 4}, 10, "top_k"); // 2 are left
    BOOST_CHECK_NO_THROW(validate(blockwise<top_k>{.inner = {.count = 2}, .size = 4}, 10));
    BOOST_CHECK_NO_THROW(validate(blockwise<top_k>{.inner = {.count = 3}, .size = 4}, 12));
    BOOST_CHECK_NO_THROW(validate(blockwise<top_k>{.inner = {.count = 3}, .size = 4}, 3));
    checks::refuses<configuration_error>(blockwise<top_k>{.inner = {.count = 3}, .size = 4}, 2, "top_k");
}

BOOST_AUTO_TEST_SUITE_END()
