// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <limits>

#include <terse/layout.hpp>

BOOST_AUTO_TEST_SUITE(layout_tests)

BOOST_AUTO_TEST_CASE(segments_follow_each_other) {
    terse::layout const l({{"b", 2, 3}, {"a", 4, 1}, {.name = "c"}});
    BOOST_TEST(l.count() == 3u);
    BOOST_TEST(l.size() == 11u);
    BOOST_TEST(l.offset("b") == 0u);
    BOOST_TEST(l.offset("a") == 6u);
    BOOST_TEST(l.offset("c") == 10u);
    BOOST_TEST(l.offset(3) == 11u);
    BOOST_TEST(l.index("a") == 1u);
    BOOST_TEST(l[0].rows == 2u);
    BOOST_TEST(l.segments()[1].name == "a");
    BOOST_TEST((l == terse::layout({{"b", 2, 3}, {"a", 4, 1}, {"c", 1, 1}})));
    BOOST_TEST(!(l == terse::layout({{"b", 3, 2}, {"a", 4, 1}, {"c", 1, 1}})));
}

BOOST_AUTO_TEST_CASE(an_empty_layout_has_no_parameters) {
    terse::layout const l;
    BOOST_TEST(l.count() == 0u);
    BOOST_TEST(l.size() == 0u);
    BOOST_TEST(l.offset(0) == 0u);
    BOOST_CHECK_THROW(l.offset("a"), terse::configuration_error);
}

BOOST_AUTO_TEST_CASE(mistakes_are_refused_by_name) {
    using terse::configuration_error;
    using segments = std::vector<terse::segment>;
    auto const most = std::numeric_limits<std::size_t>::max();
    BOOST_CHECK_THROW(terse::layout(segments{{"a", 1, 1}, {"b", 1, 1}, {"a", 2, 1}}), configuration_error);
    BOOST_CHECK_THROW(terse::layout(segments{{"", 1, 1}}), configuration_error);
    BOOST_CHECK_THROW(terse::layout(segments{{"a", 0, 1}}), configuration_error);
    BOOST_CHECK_THROW(terse::layout(segments{{"a", 1, 0}}), configuration_error);
    BOOST_CHECK_THROW(terse::layout(segments{{"a", most, 2}}), configuration_error);
    BOOST_CHECK_THROW(terse::layout(segments{{"a", most, 1}, {"b", 1, 1}}), configuration_error);
    BOOST_TEST(terse::layout(segments{{"a", most, 1}}).size() == most);
    terse::layout const l(segments{{"a", 1, 1}});
    BOOST_CHECK_EXCEPTION(l.offset("fc"), configuration_error,
                          [](auto const& e) { return std::string(e.what()).find("\"fc\"") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
