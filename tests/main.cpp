// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#define BOOST_TEST_MODULE terse
#include <boost/test/unit_test.hpp>
