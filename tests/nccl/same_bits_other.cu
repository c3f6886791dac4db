// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/data/test_case.hpp>

#include "same_bits.hpp"

BOOST_AUTO_TEST_SUITE(same_bits_other)

namespace bdata = boost::unit_test::data;
using namespace terse_test;

BOOST_DATA_TEST_CASE(methods_without_a_compressor_to_choose, bdata::make({1, 2, 3, 5}), ranks) {
    check_same_on_ranks<double>(ranks, [](auto add) { oracle::for_each_fixed_method(add); });
}
BOOST_DATA_TEST_CASE(compressors_that_talk, bdata::make({1, 2, 3, 5}), ranks) {
    check_same_on_ranks<float>(ranks, [](auto add) { oracle::for_each_talking_method(few, add); });
}
BOOST_DATA_TEST_CASE(workers_that_drift, bdata::make({1, 2, 3, 5}), ranks) {
    check_same_on_ranks<float>(ranks, [](auto add) { oracle::for_each_drift_method(add); });
}
BOOST_DATA_TEST_CASE(workers_that_talk_to_neighbours, bdata::make({3, 5}), ranks) {
    check_same_on_ranks<double>(
        ranks, [&](auto add) { oracle::for_each_decentralized_method(static_cast<std::size_t>(ranks), add); });
}
BOOST_DATA_TEST_CASE(values_of_16_bits_and_messages_of_messages, bdata::make({2, 3}), ranks) {
    using namespace terse;
    check_same_on_ranks<float>(ranks, [](auto add) {
        layout const layers({{.name = "a", .rows = 20, .cols = 25}, {.name = "b", .rows = 101, .cols = 1}});
        per_segment<top_k> const by_layer{.inner = {.ratio = 0.05}, .layout = layers, .dense_below = 200};
        for (auto const to : {wire::precision::fp16, wire::precision::bf16}) {
            oracle::for_each_compressor([&](std::string const& name, oracle::every_compressor const& c) {
                add("half " + name, gmc_plus(half_values<oracle::every_compressor>{.inner = c, .to = to}));
            });
            add("half per_segment", ef_sgd(half_values<per_segment<top_k>>{.inner = by_layer, .to = to}));
            add("half qsgd", ef_sgd(half_values<qsgd>{.to = to}));
            add("half natural", ef_sgd(half_values<natural>{.to = to}));
        }
        add("per_segment", dgc(by_layer));
        add("composed", ef_sgd(composed<top_k, qsgd>{.select = {.ratio = 0.05}}));
        add("composed, shared support", ef_sgd(composed<random_k, qsgd>{.select = {.ratio = 0.05}}));
        add("composed, nothing", ef_sgd(composed<threshold, qsgd>{.select = {.at_least = 1e9}}));
    });
}

BOOST_AUTO_TEST_SUITE_END()
