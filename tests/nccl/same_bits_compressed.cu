// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/data/test_case.hpp>

#include "same_bits.hpp"

BOOST_AUTO_TEST_SUITE(same_bits_compressed)

namespace bdata = boost::unit_test::data;
using namespace terse_test;

BOOST_DATA_TEST_CASE(every_method_with_every_compressor, bdata::make({1, 2, 3, 5}), ranks) {
    check_same_on_ranks<float>(ranks, [](auto add) {
        oracle::for_each_compressor([&](std::string const& name, oracle::every_compressor const& c) {
            oracle::for_each_compressed_method(
                c, [&](std::string const& method_name, auto const& method) { add(name + ", " + method_name, method); });
        });
    });
}

BOOST_AUTO_TEST_SUITE_END()
