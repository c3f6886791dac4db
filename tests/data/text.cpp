// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <clocale>
#include <filesystem>
#include <limits>
#include <sstream>

#include <terse/data/text.hpp>

#include "data/fuzz.hpp"

BOOST_AUTO_TEST_SUITE(text_tests)

template <class T>
std::string read_number(std::string const& text, T& value) {
    return checks::complaint(text, [&](std::istream& in) {
        terse::text_reader reader(in, "f");
        reader.next_line();
        value = reader.number<T>("x");
        if (!reader.at_end()) reader.fail("rest");
    });
}

BOOST_AUTO_TEST_CASE(numbers_are_read_to_the_last_bit) {
    double d = 0;
    float f = 0;
    BOOST_TEST(read_number("0.1", d) == "");
    BOOST_TEST(d == 0.1);
    BOOST_TEST(read_number("  +1.5e3", d) == "");
    BOOST_TEST(d == 1500.0);
    BOOST_TEST(read_number("-.5", f) == "");
    BOOST_TEST(f == -0.5f);
    BOOST_TEST(read_number("1e-300", f) == "");
    BOOST_TEST(f == 0.0f);
    BOOST_TEST(read_number("1.7976931348623157e308", d) == "");
    BOOST_TEST(d == std::numeric_limits<double>::max());
    BOOST_TEST(read_number("5e-324", d) == "");
    BOOST_TEST(d == std::numeric_limits<double>::denorm_min());
}

BOOST_AUTO_TEST_CASE(what_is_no_finite_number_is_refused) {
    double d = 0;
    float f = 0;
    for (auto const* const text : {"nan", "-nan", "NaN(1)", "inf", "-inf", "infinity"})
        BOOST_TEST(read_number(text, d) == "1:1: x is not finite");
    for (auto const* const text : {"abc", "-", "+", "+-1", "++1", ".", "e5", "--1"})
        BOOST_TEST(read_number(text, d) == "1:1: expected a number for x");
    BOOST_TEST(read_number("  1e999", d) == "1:3: x is out of range");
    BOOST_TEST(read_number("1e39", f) == "1:1: x is not finite");
    BOOST_TEST(read_number("1,5", d) == "1:2: rest");
    BOOST_TEST(read_number("0x10", d) == "1:2: rest");
    BOOST_TEST(read_number("1.5.2", d) == "1:4: rest");
}

BOOST_AUTO_TEST_CASE(labels_are_whole_numbers) {
    auto const read = [](std::string const& text, std::vector<std::int64_t> const& classes, std::int64_t& l) {
        return checks::complaint(text, [&](std::istream& in) {
            terse::text_reader reader(in, "f");
            reader.next_line();
            l = reader.label(classes);
        });
    };
    std::int64_t l = 0;
    BOOST_TEST(read("+1", {}, l) == "");
    BOOST_TEST(l == 1);
    BOOST_TEST(read("-1.0", {-1, 1}, l) == "");
    BOOST_TEST(l == -1);
    BOOST_TEST(read("0.5", {}, l) == "1:1: the label is not a whole number");
    BOOST_TEST(read("1e300", {}, l) == "1:1: the label is not a whole number");
    BOOST_TEST(read(" 0", {-1, 1}, l) == "1:2: label 0 is not among the classes");
}

BOOST_AUTO_TEST_CASE(lines_are_counted_with_the_empty_ones) {
    std::istringstream in("\n  \t\r\na\r\n\nb");
    terse::text_reader reader(in, "f");
    BOOST_TEST(reader.next_line());
    BOOST_TEST(reader.skip('a'));
    BOOST_TEST(reader.at_end()); // the carriage return is part of the line's end
    BOOST_TEST(reader.next_line());
    BOOST_CHECK_EXCEPTION(reader.fail("no"), terse::input_error,
                          [](auto const& e) { return e.line == 5 && e.column == 1 && e.file == "f"; });
    BOOST_TEST(reader.skip('b'));
    BOOST_TEST(!reader.next_line());
}

BOOST_AUTO_TEST_CASE(the_locale_does_not_matter) {
    std::string const before = std::setlocale(LC_ALL, nullptr);
    for (auto const* const name : {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"}) // those that are installed
        if (std::setlocale(LC_ALL, name) != nullptr) {
            double d = 0;
            BOOST_TEST(read_number("2.5", d) == "");
            BOOST_TEST(d == 2.5);
        }
    std::setlocale(LC_ALL, before.c_str());
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_is_named) {
    BOOST_CHECK_EXCEPTION(terse::open_input("/no/such/file"), terse::input_error,
                          [](auto const& e) { return e.file == "/no/such/file" && e.line == 0; });
}

BOOST_AUTO_TEST_SUITE_END()
