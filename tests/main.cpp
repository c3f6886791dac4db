// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#define BOOST_TEST_MODULE terse
#ifdef BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#else // its sources, where there is no library
#include <boost/test/included/unit_test.hpp>
#endif
