// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <sstream>

#include <terse/data/csv.hpp>

#include "data/fuzz.hpp"

BOOST_AUTO_TEST_SUITE(csv_tests)

terse::dataset<double> read(std::string const& text, terse::csv_options const& options = {}) {
    std::istringstream in(text);
    return terse::read_csv<double>(in, "f", options);
}
std::string complaint(std::string const& text, terse::csv_options const& options = {}) {
    return checks::complaint(text, [&](std::istream& in) { terse::read_csv<double>(in, "f", options); });
}

BOOST_AUTO_TEST_CASE(rows_are_read_as_written) {
    auto const d = read("3,1.5,-2\r\n 1 , 0 ,\t4e1 \n\n3,7,8");
    BOOST_TEST(d.rows() == 3u);
    BOOST_TEST(d.features() == 2u);
    BOOST_TEST(!d.is_sparse());
    BOOST_TEST(d.labels() == (std::vector<std::uint32_t>{1, 0, 1}), boost::test_tools::per_element());
    BOOST_TEST(d.row(0).values == (std::vector<double>{1.5, -2}), boost::test_tools::per_element());
    BOOST_TEST(d.row(1).values == (std::vector<double>{0, 40}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_label_may_stand_anywhere) {
    terse::csv_options options;
    options.header = true;
    options.separator = ';';
    options.label_column = terse::last_column;
    auto const last = read("length;width;kind\n1;2;9\n3;4;8\n", options);
    BOOST_TEST(last.rows() == 2u);
    BOOST_TEST(last.row(1).values == (std::vector<double>{3, 4}), boost::test_tools::per_element());
    BOOST_TEST(last.label(0) == 1u);
    options.label_column = 1;
    options.separator = ' ';
    auto const middle = read("a b c\n1 2 3\n", options);
    BOOST_TEST(middle.row(0).values == (std::vector<double>{1, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_with_line_and_column) {
    terse::csv_options header, fifth, three, known;
    header.header = true;
    fifth.label_column = 5;
    three.features = 3;
    known.classes = {0, 1};
    BOOST_TEST(complaint("") == "0:0: the file has no rows");
    BOOST_TEST(complaint("a,b\n", header).find("the file has no rows") != std::string::npos);
    BOOST_TEST(complaint("1\n") == "1:1: a label and at least one feature expected");
    BOOST_TEST(complaint("1,2", fifth) == "1:1: there is no label column 5");
    BOOST_TEST(complaint("1,2,3\n1,2\n") == "2:4: only 2 of 3 columns");
    BOOST_TEST(complaint("1,2\n1,2,3\n") == "2:4: end of line expected after 2 columns");
    BOOST_TEST(complaint("1,2,3\n", three) == "1:6: only 3 of 4 columns");
    BOOST_TEST(complaint("1,2\n1,x\n") == "2:3: expected a number for the feature value");
    BOOST_TEST(complaint("1,\"2\"\n") == "1:3: expected a number for the feature value");
    BOOST_TEST(complaint("1,,2\n") == "1:3: expected a number for the feature value");
    BOOST_TEST(complaint("1,2,\n") == "1:5: expected a number for the feature value");
    BOOST_TEST(complaint("1,nan\n") == "1:3: the feature value is not finite");
    BOOST_TEST(complaint("1,2 3\n") == "1:5: end of line expected after 2 columns");
    BOOST_TEST(complaint("1,2 3,4\n") == "1:5: separator expected");
    BOOST_TEST(complaint("1.5,2\n") == "1:1: the label is not a whole number");
    BOOST_TEST(complaint("0,2\n2,2\n", known) == "2:1: label 2 is not among the classes");
}

BOOST_AUTO_TEST_CASE(damaged_files_are_read_or_refused) {
    std::string valid;
    for (int i = 0; i < 10; ++i) valid += std::to_string(i % 3) + ",0.5,-1e2, 3 ," + std::to_string(i) + "\n";
    int const refused =
        checks::damage(valid, 4000, [](std::istream& in) { return terse::read_csv<float>(in, "damaged"); });
    BOOST_TEST(refused > 1000);
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_refused) {
    BOOST_CHECK_THROW(terse::read_csv<float>("/no/such/file"), terse::input_error);
}

BOOST_AUTO_TEST_SUITE_END()
