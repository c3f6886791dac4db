// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "device.cuh"
#include "host/reference.hpp"
#include "methods.hpp"

BOOST_AUTO_TEST_SUITE(compressed_methods_tests)

using terse::thrust_device;
using namespace terse_test;

BOOST_AUTO_TEST_CASE(compressed_methods_in_float) {
    check_same(terse_test::compressed_methods<thrust_device, float>(), on_host<float>::compressed_methods());
}
BOOST_AUTO_TEST_CASE(compressed_methods_in_double) {
    check_same(terse_test::compressed_methods<thrust_device, double>(), on_host<double>::compressed_methods());
}

BOOST_AUTO_TEST_SUITE_END()
