// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "device.cuh"
#include "half.hpp"
#include "host/reference.hpp"
#include "low_rank.hpp"
#include "sketches.hpp"
#include "verbs.hpp"

BOOST_AUTO_TEST_SUITE(same_as_host)

using terse::thrust_device;
using namespace terse_test;

static_assert(terse::Backend<thrust_device, float> && terse::Backend<thrust_device, double>);

BOOST_AUTO_TEST_CASE(every_verb_in_float) {
    check_same(every_verb<thrust_device, float>(), on_host<float>::every_verb());
}
BOOST_AUTO_TEST_CASE(every_verb_in_double) {
    check_same(every_verb<thrust_device, double>(), on_host<double>::every_verb());
}
BOOST_AUTO_TEST_CASE(every_sketch_in_float) {
    check_same(every_sketch<thrust_device, float>(), on_host<float>::every_sketch());
}
BOOST_AUTO_TEST_CASE(every_sketch_in_double) {
    check_same(every_sketch<thrust_device, double>(), on_host<double>::every_sketch());
}
BOOST_AUTO_TEST_CASE(every_low_rank_in_float) {
    check_same(every_low_rank<thrust_device, float>(), on_host<float>::every_low_rank());
}
BOOST_AUTO_TEST_CASE(every_low_rank_in_double) {
    check_same(every_low_rank<thrust_device, double>(), on_host<double>::every_low_rank());
}
BOOST_AUTO_TEST_CASE(every_half_in_float) {
    check_same(every_half<thrust_device, float>(), on_host<float>::every_half());
}
BOOST_AUTO_TEST_CASE(every_half_in_double) {
    check_same(every_half<thrust_device, double>(), on_host<double>::every_half());
}

BOOST_AUTO_TEST_SUITE_END()
