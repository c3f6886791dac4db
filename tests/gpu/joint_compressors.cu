// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "joint_compressors.hpp"

#include "counted_device.cuh"
#include "host/reference.hpp"
#include "round_counts.cuh"

// Compressors that have no pass of their own, and those around others, in rounds in which workers take together.
BOOST_AUTO_TEST_SUITE(joint_compressors_tests)

using namespace terse;
using namespace terse_test;

static_assert(joint_takes<decltype(gmc(joint_compressor{})), counted_device, float>::of_offers);
static_assert(joint_takes<decltype(dgc(joint_compressor{})), counted_device, float>::of_sends);
static_assert(joint_takes<decltype(gmc(half_values<per_segment<natural>>{})), counted_device, float>::of_offers);
static_assert(!joint_takes<decltype(power_sgd_momentum({})), counted_device, float>::of_offers);

BOOST_AUTO_TEST_CASE(they_take_together_as_one_after_the_other) {
    check_same(joint_compressors<counted_device, float>(), on_host<float>::joint_compressors());
}
BOOST_AUTO_TEST_CASE(who_fails_is_named) {
    check_same(joint_compressor_failures<counted_device, float>(), on_host<float>::joint_compressor_failures());
}

BOOST_AUTO_TEST_CASE(steps_tell_what_is_not_finite) {
    using device = counted_device;
    auto g = upload<device>(std::vector<float>{1, 2, std::numeric_limits<float>::infinity(), 4});
    auto m = upload<device>(std::vector<float>(4, 1)), e = m;
    scratch<device> temporary;
    context<device> at{};
    at.temporary = &temporary;
    block_message<device, float> out;
    worker_take<block_message<device, float>, device, float, momentum_step<device, float>> one{
        1, {0.5F, g, m, false}, 1, e, &out, at};
    take_all<device, float>(random_block{.count = 1}, std::span(&one, 1), temporary);
    BOOST_TEST(one.bad == 2u);
    one.at.checks = false;
    one.bad = 4;
    take_all<device, float>(random_block{.count = 1}, std::span(&one, 1), temporary);
    BOOST_TEST(one.bad == 4u);
}

BOOST_AUTO_TEST_CASE(only_what_is_named_grows_with_the_number_of_workers) {
    using names = std::vector<char const*>;
    names const sums{"kernel accumulate"}, largest{"kernel collect", "kernel write_selected"};
    auto const of = [&](char const* name, auto const& c, std::vector<std::string> const& grows, names const& taking) {
        takes_once(name, compose(c, no_momentum{}, standard_feedback{}), grows, taking);
    };
    top_k const some{.ratio = 0.01};
    of("random_block", random_block{}, {}, sums);
    of("random_k", random_k{}, {}, {"kernel accumulate", "kernel move_entries", "kernel list_chosen"});
    takes_once("random_block, gmc", gmc(random_block{}), {"axpy"}, sums); // the mean is a block
    takes_once("random_block, dgc", dgc(random_block{}), {"fill"}, sums); // masks
    takes_once("natural, dgc", dgc(natural{}), {"fill", "round_to_powers", "axpy"}, sums);
    of("threshold", threshold{.at_least = 1}, {"count_at_least", "select_at_least", "scatter_axpy"}, sums);
    of("half", half_values<top_k>{.inner = some}, {"round_entries"}, largest);
    of("any of several", joint_compressor(some), {"delta_bytes"}, largest);
    of("any of several, block", joint_compressor(random_block{}), {}, sums);
    of("blocks", blockwise<top_k>{.inner = some, .size = 2000}, {"delta_bytes"}, largest);
    layout const layers({{"a", 4000}, {"b", 4000}, {"c", 1001}});
    of("layers", per_segment<top_k>{.inner = some, .layout = layers, .dense_below = 2000}, {"delta_bytes"},
       {"kernel accumulate", "kernel collect"});
}

BOOST_AUTO_TEST_SUITE_END()
