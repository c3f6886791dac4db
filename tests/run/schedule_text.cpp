// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include <terse/error.hpp>
#include <terse/run/schedule_text.hpp>

BOOST_AUTO_TEST_SUITE(schedule_text)

using terse::schedule;

BOOST_AUTO_TEST_CASE(every_shape_comes_back) {
    std::vector<std::pair<schedule, std::string>> const all{
        {0.9, "0.9"},
        {schedule::steps(0.1, 0.1, {}), "steps(0.1, 0.1)"},
        {schedule::steps(0.1, 0.5, {100, 150}), "steps(0.1, 0.5, 100, 150)"},
        {schedule::steps(1, 0.5, {1, 2, 3, 4, 5, 6, 7, 8}), "steps(1, 0.5, 1, 2, 3, 4, 5, 6, 7, 8)"},
        {schedule::cosine(0.1, 0, 200), "cosine(0.1, 0, 200)"},
        {schedule::linear(0, 0.9, 7), "linear(0, 0.9, 7)"},
        {schedule::exponential(1.0 / 3, 1e-5, 500), "exponential(0.3333333333333333, 1e-05, 500)"},
        {schedule::dgc_ramp(0.001, 4, 250), "dgc_ramp(0.001, 4, 250)"},
        {schedule(0.1).warmed_up(schedule::shape::linear, 0.01, 50), "0.1 after linear(0.01, 50)"},
        {schedule::cosine(0.1, 0, 200).warmed_up(schedule::shape::exponential, 0.001, 5),
         "cosine(0.1, 0, 200) after exponential(0.001, 5)"}};
    for (auto const& [s, text] : all) {
        BOOST_TEST(terse::to_text(s) == text);
        BOOST_TEST((terse::parse_schedule(text) == s), text);
    }
}

BOOST_AUTO_TEST_CASE(blanks_do_not_matter) {
    BOOST_TEST((terse::parse_schedule("  cosine( 0.1,0 ,200 )   after   linear(0.01,50) ") ==
                schedule::cosine(0.1, 0, 200).warmed_up(schedule::shape::linear, 0.01, 50)));
    BOOST_TEST((terse::parse_schedule("constant(0.5)") == schedule(0.5)));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused_in_words) {
    for (auto const* text : {"",
                             " ",
                             "x",
                             "nan",
                             "inf",
                             "0.1 0.2",
                             "0.1,0.2",
                             "cosine",
                             "cosine(",
                             "cosine(0.1",
                             "cosine(0.1, 0)",
                             "cosine(0.1, 0, 1.5)",
                             "cosine(0.1, 0, -1)",
                             "cosine(0.1, 0, 0)",
                             "cosine(0.1, 0, 10))",
                             "cosine(0.1, 0, 1e300)",
                             "sine(0.1, 0, 10)",
                             "steps(0.1)",
                             "steps(0.1, 0.1, 5, 3)",
                             "steps(0.1, 0.1, 1, 2, 3, 4, 5, 6, 7, 8, 9)",
                             "exponential(0, 1, 10)",
                             "dgc_ramp(0, 4, 10)",
                             "dgc_ramp(0.1, 4, 0)",
                             "0.1 after",
                             "0.1 after 3",
                             "0.1 after cosine(0, 1, 3)",
                             "0.1 after linear(0)",
                             "0.1 after linear(0, 3) x",
                             "1e999",
                             "()"})
        BOOST_CHECK_THROW(terse::parse_schedule(text), terse::configuration_error);
    BOOST_CHECK_EXCEPTION(
        terse::parse_schedule("sine(0.1, 0, 10)"), terse::configuration_error, [](terse::error const& e) {
            std::string const what = e.what();
            return what.find("\"sine\"") != std::string::npos && what.find("examples: ") != std::string::npos;
        });
}

BOOST_AUTO_TEST_SUITE_END()
