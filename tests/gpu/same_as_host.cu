// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "device.cuh"
#include "host/reference.hpp"
#include "methods.hpp"
#include "verbs.hpp"

BOOST_AUTO_TEST_SUITE(same_as_host)

using terse::thrust_device;
using namespace terse_test;

static_assert(terse::Backend<thrust_device, float> && terse::Backend<thrust_device, double>);

BOOST_AUTO_TEST_CASE(every_verb_in_float) {
    check_same(every_verb<thrust_device, float>(), every_verb_on_host<float>());
}
BOOST_AUTO_TEST_CASE(every_verb_in_double) {
    check_same(every_verb<thrust_device, double>(), every_verb_on_host<double>());
}
BOOST_AUTO_TEST_CASE(every_method_in_float) {
    check_same(every_method<thrust_device, float>(), every_method_on_host<float>());
}
BOOST_AUTO_TEST_CASE(every_method_in_double) {
    check_same(every_method<thrust_device, double>(), every_method_on_host<double>());
}

BOOST_AUTO_TEST_SUITE_END()
