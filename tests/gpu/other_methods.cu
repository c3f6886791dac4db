// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "device.cuh"
#include "host/reference.hpp"
#include "methods.hpp"

BOOST_AUTO_TEST_SUITE(other_methods_tests)

using terse::thrust_device;
using namespace terse_test;

BOOST_AUTO_TEST_CASE(other_compressors_in_float) {
    check_same(terse_test::other_compressors<thrust_device, float>(), on_host<float>::other_compressors());
}
BOOST_AUTO_TEST_CASE(other_compressors_in_double) {
    check_same(terse_test::other_compressors<thrust_device, double>(), on_host<double>::other_compressors());
}
BOOST_AUTO_TEST_CASE(other_methods_in_float) {
    check_same(terse_test::other_methods<thrust_device, float>(), on_host<float>::other_methods());
}
BOOST_AUTO_TEST_CASE(other_methods_in_double) {
    check_same(terse_test::other_methods<thrust_device, double>(), on_host<double>::other_methods());
}
BOOST_AUTO_TEST_CASE(other_clusters_in_float) {
    check_same(terse_test::other_clusters<thrust_device, float>(), on_host<float>::other_clusters());
}
BOOST_AUTO_TEST_CASE(other_clusters_in_double) {
    check_same(terse_test::other_clusters<thrust_device, double>(), on_host<double>::other_clusters());
}

BOOST_AUTO_TEST_SUITE_END()
