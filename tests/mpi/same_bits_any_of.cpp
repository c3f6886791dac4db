// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Every method with every compressor: the bits of a run depend on the number of workers, not on who hosts them.
#include "mpi/same_bits.hpp"

#include "oracle/all_methods.hpp"

BOOST_AUTO_TEST_SUITE(same_bits_any_of)

namespace {

using any = terse::any_of<terse::identity, terse::top_k, terse::random_k, terse::random_block, terse::scaled_sign,
                          terse::sampled_top_k, terse::blockwise<terse::top_k>, terse::blockwise<terse::scaled_sign>>;

void check(char const* compressor, any const& c) {
    oracle::for_each_compressed_method(
        c, [&](char const* name, auto const& method) { world::same_bits<double>(name, compressor, method); });
}

} // namespace

BOOST_AUTO_TEST_CASE(identity) { check("identity", terse::identity{}); }
BOOST_AUTO_TEST_CASE(top_k) { check("top_k", terse::top_k{.ratio = 0.05}); }
BOOST_AUTO_TEST_CASE(random_k_shared) { check("random_k shared", terse::random_k{.ratio = 0.05}); }
BOOST_AUTO_TEST_CASE(random_k_own) { check("random_k own", terse::random_k{.ratio = 0.05, .shared_support = false}); }
BOOST_AUTO_TEST_CASE(random_block) { check("random_block", terse::random_block{.ratio = 0.1}); }
BOOST_AUTO_TEST_CASE(scaled_sign) { check("scaled_sign", terse::scaled_sign{}); }
BOOST_AUTO_TEST_CASE(sampled_top_k) { check("sampled_top_k", terse::sampled_top_k{.ratio = 0.05, .sample = 0.3}); }
BOOST_AUTO_TEST_CASE(blockwise_top_k) {
    check("blockwise top_k", terse::blockwise<terse::top_k>{.inner = {.ratio = 0.1}, .size = 50});
}
BOOST_AUTO_TEST_CASE(blockwise_sign) {
    check("blockwise sign", terse::blockwise<terse::scaled_sign>{.inner = {}, .size = 50});
}

BOOST_AUTO_TEST_SUITE_END()
