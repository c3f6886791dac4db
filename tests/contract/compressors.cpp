// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <terse/compressor/any_of.hpp>
#include <terse/compressor/blockwise.hpp>
#include <terse/compressor/composed.hpp>
#include <terse/compressor/dynamic_quantizer.hpp>
#include <terse/compressor/half_values.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/compressor/natural.hpp>
#include <terse/compressor/per_segment.hpp>
#include <terse/compressor/qsgd.hpp>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/sampled_top_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/terngrad.hpp>
#include <terse/compressor/threshold.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/testing/compressor_contract.hpp>

// Every compressor keeps the contract: one line each.
BOOST_AUTO_TEST_SUITE(compressors)

using namespace terse;
using testing::compressor_claims;

template <class C>
void holds(C const& c, compressor_claims const& claims) {
    testing::require_compressor<float>(c, claims);
    testing::require_compressor<double>(c, claims);
}

double part(std::size_t k, std::size_t d) { return static_cast<double>(k) / static_cast<double>(d); }

auto const whole = [](std::size_t) { return 1.0; };
auto const tenth = [](std::size_t d) { return part(entries(0.1, 0, d, 0), d); };
auto const of_five = [](std::size_t d) { return part(5, d); };
auto const at_least_one = [](std::size_t d) { return part(1, d); };

BOOST_AUTO_TEST_CASE(identity_does) {
    holds(
        identity{},
        {.sends_entries = true, .even = true, .same_support = true, .contraction = whole, .variance = [](std::size_t) {
             return 0.0;
         }});
}

BOOST_AUTO_TEST_CASE(top_k_does) {
    holds(top_k{.ratio = 0.1}, {.sends_entries = true, .even = true, .contraction = tenth});
    holds(top_k{.count = 1}, {.sends_entries = true, .even = true, .contraction = at_least_one});
    holds(top_k{.count = 5}, {.sends_entries = true, .even = true, .contraction = of_five});
    holds(top_k{.ratio = 1}, {.sends_entries = true, .contraction = whole});
}

BOOST_AUTO_TEST_CASE(sampled_top_k_does) {
    for (auto const how : {sampled_top_k::rule::one_shot, sampled_top_k::rule::dgc}) {
        holds(sampled_top_k{.ratio = 0.1, .how = how}, {.sends_entries = true, .even = true});
        holds(sampled_top_k{.count = 5, .how = how, .sample = 0.2}, {.sends_entries = true, .even = true});
        // A sample of everything is no sample.
        holds(sampled_top_k{.ratio = 0.1, .how = how, .sample = 1},
              {.sends_entries = true, .even = true, .contraction = tenth});
    }
}

BOOST_AUTO_TEST_CASE(threshold_does) {
    holds(threshold{.at_least = 1}, {.sends_entries = true, .even = true});
    holds(threshold{}, {.sends_entries = true, .even = true});
}

BOOST_AUTO_TEST_CASE(random_k_does) {
    auto const scaled = [](std::size_t d) { return 1 / tenth(d) - 1; };
    holds(random_k{.ratio = 0.1}, {.sends_entries = true, .even = true, .same_support = true, .contraction = tenth});
    holds(random_k{.count = 5, .shared_support = false}, {.sends_entries = true, .even = true, .contraction = of_five});
    holds(random_k{.ratio = 0.1, .unbiased = true},
          {.even = true, .same_support = true, .growth = 12, .variance = scaled});
    holds(random_k{.ratio = 0.1, .shared_support = false, .unbiased = true},
          {.even = true, .growth = 12, .variance = scaled});
}

BOOST_AUTO_TEST_CASE(random_block_does) {
    auto const grid = [](std::size_t d) { return part(1, (d + 4) / 5); };
    holds(random_block{.ratio = 0.1},
          {.sends_entries = true, .even = true, .same_support = true, .contraction = tenth});
    holds(random_block{.count = 5, .at = random_block::placement::grid},
          {.sends_entries = true, .even = true, .same_support = true, .contraction = grid});
    holds(random_block{.ratio = 1}, {.sends_entries = true, .same_support = true, .contraction = whole});
}

BOOST_AUTO_TEST_CASE(scaled_sign_does) {
    holds(scaled_sign{}, {.even = true, .same_support = true, .contraction = at_least_one});
}

BOOST_AUTO_TEST_CASE(blockwise_does) {
    holds(blockwise<top_k>{.inner = {.count = 1}, .size = 16},
          {.sends_entries = true, .even = true, .contraction = [](std::size_t) { return 1.0 / 16; }});
    holds(blockwise<scaled_sign>{.size = 7}, {.contraction = [](std::size_t) { return 1.0 / 7; }});
    holds(blockwise<random_k>{.inner = {.ratio = 0.25}, .size = 32},
          {.sends_entries = true, .even = true, .same_support = true, .contraction = [](std::size_t) { return 0.25; }});
    holds(blockwise<blockwise<random_block>>{.inner = {.inner = {.ratio = 0.5}, .size = 8}, .size = 16},
          {.sends_entries = true, .even = true, .same_support = true, .contraction = [](std::size_t) { return 0.5; }});
    holds(blockwise<identity>{}, {.sends_entries = true, .contraction = whole});
}

BOOST_AUTO_TEST_CASE(per_segment_does) {
    layout const net({{"weight", 6, 9}, {"bias", 10, 1}});
    compressor_claims claims{.dimensions = {64}, .sends_entries = true};
    claims.contraction = [](std::size_t) { return 5.0 / 54; };
    holds(per_segment<top_k>{.inner = {.ratio = 0.1}, .layout = net, .dense_below = 20}, claims);
    holds(per_segment<random_k>{.inner = {.ratio = 0.1}, .layout = net, .dense_below = 20}, claims);
    claims.sends_entries = false;
    claims.contraction = [](std::size_t) { return 1.0 / 54; };
    holds(per_segment<scaled_sign>{.layout = net}, claims);
}

BOOST_AUTO_TEST_CASE(half_values_does) {
    for (auto const to : {wire::precision::fp16, wire::precision::bf16}) {
        holds(half_values<identity>{.to = to}, {.even = true, .same_support = true});
        holds(half_values<top_k>{.inner = {.ratio = 0.1}, .to = to}, {.even = true});
        holds(half_values<random_block>{.inner = {.ratio = 0.1}, .to = to}, {.even = true, .same_support = true});
        holds(half_values<blockwise<top_k>>{.inner = {.inner = {.count = 1}, .size = 16}, .to = to}, {.even = true});
    }
}

double of_bucket(double b, double s) { return std::min(b / (s * s), std::sqrt(b) / s); }

BOOST_AUTO_TEST_CASE(qsgd_does) {
    for (auto const which : {terse::norm::l2, terse::norm::linf})
        for (unsigned const bits : {2u, 4u, 5u, 8u, 16u})
            for (std::size_t const bucket : {0u, 16u, 64u, 512u}) {
                auto const omega = [=](std::size_t d) {
                    auto const b = static_cast<double>(bucket == 0 ? d : std::min(bucket, d));
                    return of_bucket(b, std::exp2(bits - 1) - 1);
                };
                double const growth = which == terse::norm::l2 ? 65 : 1.001; // sqrt(4097)
                holds(qsgd{.bits = bits, .norm = which, .bucket = bucket},
                      {.even = true, .same_support = true, .growth = growth, .variance = omega});
            }
    holds(qsgd{.levels = 5, .bucket = 10, .coding = level_coding::elias},
          {.even = true, .same_support = true, .growth = 4, .variance = [](std::size_t) { return of_bucket(10, 5); }});
}

BOOST_AUTO_TEST_CASE(terngrad_does) {
    auto const omega = [](std::size_t d) { return (std::sqrt(static_cast<double>(d)) - 1) / 2; };
    compressor_claims const plain{.even = true, .same_support = true, .growth = 1.001, .variance = omega};
    holds(terngrad{}, plain);
    holds(terngrad{.coding = level_coding::elias}, plain);
    holds(terngrad{.clip = 2.5}, {.even = true, .same_support = true, .growth = 1.001});
    holds(terngrad{.clip = 2.5, .how = terngrad::rule::code}, {.even = true, .same_support = true, .growth = 3});
}

BOOST_AUTO_TEST_CASE(natural_does) {
    holds(natural{},
          {.even = true, .same_support = true, .growth = 1.35, .variance = [](std::size_t) { return 1.0 / 8; }});
}

BOOST_AUTO_TEST_CASE(dynamic_quantizer_does) {
    auto const omega = [](std::size_t d) { return std::sqrt(static_cast<double>(d)); };
    holds(dynamic_quantizer{.constant = 1}, {.even = true, .same_support = true, .growth = 65, .variance = omega});
    holds(dynamic_quantizer{.constant = 10, .a = 0.9, .rounds = 5000, .norm = terse::norm::linf},
          {.even = true, .same_support = true, .growth = 1.001, .variance = omega});
}

BOOST_AUTO_TEST_CASE(composed_does) {
    // delta of the choice, but for omega of what was chosen.
    compressor_claims const claims{.even = true, .packs_values = true, .growth = 65};
    auto eight_bits = claims, power = claims, sign = claims;
    eight_bits.contraction = [](std::size_t d) {
        return tenth(d) * (1 - of_bucket(tenth(d) * static_cast<double>(d), 127));
    };
    power.growth = 1.35;
    power.contraction = [](std::size_t d) { return tenth(d) * 7 / 8; };
    sign.contraction = at_least_one; // 5 / d times 1 / 5
    holds(composed<top_k, qsgd>{.select = {.ratio = 0.1}}, eight_bits);
    holds(composed<top_k, natural>{.select = {.ratio = 0.1}}, power);
    holds(composed<top_k, scaled_sign>{.select = {.count = 5}}, sign);
    holds(composed<random_k, terngrad>{.select = {.ratio = 0.5}},
          {.even = true, .same_support = true, .packs_values = true, .growth = 1.001});
    holds(composed<threshold, qsgd>{.select = {.at_least = 1}, .quantize = {.bits = 4}}, claims);
    holds(blockwise<composed<top_k, identity>>{.inner = {.select = {.count = 1}}, .size = 16},
          {.sends_entries = true, .even = true, .contraction = [](std::size_t) { return 1.0 / 16; }});
}

BOOST_AUTO_TEST_CASE(any_of_does) {
    using choice = any_of<top_k, scaled_sign, random_block, random_k>;
    holds(choice(top_k{.count = 5}), {.sends_entries = true, .even = true, .contraction = of_five});
    holds(choice(scaled_sign{}), {.even = true, .same_support = true, .contraction = at_least_one});
    holds(choice(random_block{.ratio = 0.1}),
          {.sends_entries = true, .even = true, .same_support = true, .contraction = tenth});
    holds(blockwise<choice>{.inner = {scaled_sign{}}, .size = 7}, {.contraction = [](std::size_t) { return 1.0 / 7; }});
}

BOOST_AUTO_TEST_SUITE_END()
