// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <sstream>
#include <string>

#include <terse/run/progress.hpp>

BOOST_AUTO_TEST_SUITE(progress_tests)

BOOST_AUTO_TEST_CASE(it_fills_is_drawn_when_it_changes_and_is_wiped) {
    std::ostringstream out;
    {
        terse::progress bar(&out, 1000);
        for (std::uint64_t t = 0; t <= 1000; ++t) bar.show(t, "gmc");
        auto const text = out.str();
        BOOST_TEST(std::count(text.begin(), text.end(), '\r') == 101); // 0% .. 100%
        BOOST_TEST(text.find("[" + std::string(20, '#') + std::string(20, '.') + "] 50% gmc") != std::string::npos);
        BOOST_TEST(text.find("[" + std::string(40, '#') + "] 100% gmc") != std::string::npos);
    }
    BOOST_TEST(out.str().ends_with("\r\x1b[K"));
}

BOOST_AUTO_TEST_CASE(no_stream_or_nothing_to_do_draws_nothing) {
    terse::progress(nullptr, 10).show(5);
    std::ostringstream out;
    terse::progress(&out, 0).show(0);
    BOOST_TEST(out.str().empty());
}

BOOST_AUTO_TEST_SUITE_END()
