// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Compressors whose kind of message is known when the program is compiled; dense ones are added up as they come.
#include "mpi/same_bits.hpp"

#include "oracle/all_methods.hpp"

BOOST_AUTO_TEST_SUITE(same_bits_messages)

namespace {

template <class C>
void check(char const* compressor, C const& c) {
    world::same_bits<float>("gmc_plus", compressor, terse::gmc_plus(c));
    world::same_bits<float>("saef_dc", compressor, terse::saef_dc(c, {.period = 2}));
}

} // namespace

BOOST_AUTO_TEST_CASE(no_compression) {
    oracle::for_each_fixed_method(
        [](char const* name, auto const& method) { world::same_bits<float>(name, "-", method); });
}
BOOST_AUTO_TEST_CASE(identity) { check("identity", terse::identity{}); }
BOOST_AUTO_TEST_CASE(top_k) { check("top_k", terse::top_k{.ratio = 0.05}); }
BOOST_AUTO_TEST_CASE(random_k) {
    check("random_k shared", terse::random_k{.ratio = 0.05});
    check("random_k own", terse::random_k{.ratio = 0.05, .shared_support = false});
}
BOOST_AUTO_TEST_CASE(random_block) { check("random_block", terse::random_block{.ratio = 0.1}); }
BOOST_AUTO_TEST_CASE(half_values) {
    check("top_k in fp16", terse::half_values<terse::top_k>{{.ratio = 0.05}, terse::wire::precision::fp16});
    check("identity in bf16", terse::half_values<terse::identity>{});
}
BOOST_AUTO_TEST_CASE(scaled_sign) { check("scaled_sign", terse::scaled_sign{}); }
BOOST_AUTO_TEST_CASE(per_segment) {
    terse::layout const layout({{"weights", 15, 10}, {"bias", 23, 1}});
    check("per_segment",
          terse::per_segment<terse::random_k>{.inner = {.ratio = 0.1}, .layout = layout, .dense_below = 30});
}
BOOST_AUTO_TEST_CASE(other_spreads_of_the_workers) {
    auto const method = terse::saef(terse::top_k{.count = 9}, {.period = 3});
    auto const ranks = static_cast<std::uint32_t>(world::size());
    for (std::uint32_t const each : {1u, 2u, 3u}) {
        auto const one_process = world::trajectory<float>(method, terse::simulated{.workers = each * ranks});
        BOOST_TEST((world::trajectory<float>(method, terse::mpi::cluster{.workers_per_rank = each}) == one_process));
        BOOST_TEST((world::trajectory<float>(method, terse::mpi::cluster{.workers = each * ranks, .threads = 2}) ==
                    one_process));
    }
}

BOOST_AUTO_TEST_SUITE_END()
