// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <numeric>
#include <sstream>

#include <terse/data/libsvm.hpp>

#include "data/fuzz.hpp"
#include "data/real_data.hpp"

BOOST_AUTO_TEST_SUITE(libsvm_tests)

terse::dataset<double> read(std::string const& text, terse::libsvm_options const& options = {}) {
    std::istringstream in(text);
    return terse::read_libsvm<double>(in, "f", options);
}
std::string complaint(std::string const& text, terse::libsvm_options const& options = {}) {
    return checks::complaint(text, [&](std::istream& in) { terse::read_libsvm<double>(in, "f", options); });
}

BOOST_AUTO_TEST_CASE(rows_are_read_as_written) {
    auto const d = read("# a comment\n-1 2:0.5 7:-3e2 \n\n+1\t1:1  3:+2 # note\r\n-1\n1 7:0");
    BOOST_TEST(d.rows() == 4u);
    BOOST_TEST(d.features() == 7u);
    BOOST_TEST(d.is_sparse());
    BOOST_TEST(d.classes() == (std::vector<std::int64_t>{-1, 1}), boost::test_tools::per_element());
    BOOST_TEST(d.labels() == (std::vector<std::uint32_t>{0, 1, 0, 1}), boost::test_tools::per_element());
    BOOST_TEST(d.row(0).columns == (std::vector<std::uint32_t>{1, 6}), boost::test_tools::per_element());
    BOOST_TEST(d.row(0).values == (std::vector<double>{0.5, -300}), boost::test_tools::per_element());
    BOOST_TEST(d.row(1).columns == (std::vector<std::uint32_t>{0, 2}), boost::test_tools::per_element());
    BOOST_TEST(d.row(2).values.size() == 0u);
    BOOST_TEST(read("3 1:1", {.features = 5, .classes = {1, 3}}).features() == 5u);
    BOOST_TEST(read("3 1:1", {.features = 5, .classes = {1, 3}}).label(0) == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_with_line_and_column) {
    BOOST_TEST(complaint("") == "0:0: the file has no rows");
    BOOST_TEST(complaint("\n# only this\n") == "2:1: the file has no rows");
    BOOST_TEST(complaint("1\n-1\n").find("the file has no features") != std::string::npos);
    BOOST_TEST(complaint("1 0:5") == "1:3: feature indices start from 1");
    BOOST_TEST(complaint("1 1:1\n1 2:1 2:1") == "2:7: feature indices must ascend");
    BOOST_TEST(complaint("1 3:1 2:1") == "1:7: feature indices must ascend");
    BOOST_TEST(complaint("1 4:1", {.features = 3, .classes = {}}) == "1:3: the feature index is above 3");
    BOOST_TEST(complaint("1 4294967296:1") == "1:3: the feature index is above 4294967295");
    BOOST_TEST(complaint("1 99999999999999999999:1") == "1:3: the feature index is out of range");
    BOOST_TEST(complaint("1 -1:1") == "1:3: expected a whole number for the feature index");
    BOOST_TEST(complaint("1 +1:1") == "1:3: expected a whole number for the feature index");
    BOOST_TEST(complaint("1 qid:1 1:2") == "1:3: expected a whole number for the feature index");
    BOOST_TEST(complaint("1 1") == "1:4: ':' expected after the feature index");
    BOOST_TEST(complaint("1 1.5:1") == "1:4: ':' expected after the feature index");
    BOOST_TEST(complaint("1 1:") == "1:5: expected a number for the feature value");
    BOOST_TEST(complaint("1 1: 5") == "1:5: expected a number for the feature value");
    BOOST_TEST(complaint("1 1:nan") == "1:5: the feature value is not finite");
    BOOST_TEST(complaint("1 1:-inf") == "1:5: the feature value is not finite");
    BOOST_TEST(complaint("1 1:1e999") == "1:5: the feature value is out of range");
    BOOST_TEST(complaint("1 1:2x") == "1:6: blank expected");
    BOOST_TEST(complaint("1:1") == "1:2: blank expected");
    BOOST_TEST(complaint("dog 1:1") == "1:1: expected a number for the label");
    BOOST_TEST(complaint("0.5 1:1") == "1:1: the label is not a whole number");
    BOOST_TEST(complaint("nan 1:1") == "1:1: the label is not finite");
    BOOST_TEST(complaint("1 1:1\n2 1:1", {.features = 0, .classes = {0, 1}}) ==
               "2:1: label 2 is not among the classes");
    BOOST_TEST(complaint(std::string("1 1:1\0 2:1", 10)) == "1:6: blank expected");
}

BOOST_AUTO_TEST_CASE(damaged_files_are_read_or_refused) {
    std::string valid;
    for (int i = 0; i < 12; ++i) valid += (i % 3 == 0 ? "+1 1:" : "-1 2:") + std::to_string(i) + ".25 5:1e-3 11:-7 \n";
    int const refused =
        checks::damage(valid, 4000, [](std::istream& in) { return terse::read_libsvm<float>(in, "damaged"); });
    BOOST_TEST(refused > 1000);
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_folder_are_refused) {
    BOOST_CHECK_THROW(terse::read_libsvm<float>("/no/such/file"), terse::input_error);
    BOOST_CHECK_THROW(terse::read_libsvm<float>(std::filesystem::temp_directory_path()), terse::input_error);
}

BOOST_AUTO_TEST_CASE(a9a_has_its_published_sizes, *boost::unit_test::precondition(checks::have("a9a", "a9a.t"))) {
    auto const train_path = checks::real("a9a"), test_path = checks::real("a9a.t");
    // [test-set]
    auto const train = terse::read_libsvm<float>(train_path);
    auto const test = terse::read_libsvm<float>(test_path, {.features = train.features(), .classes = train.classes()});
    // [test-set]
    BOOST_TEST(train.rows() == 32561u);
    BOOST_TEST(train.features() == 123u);
    BOOST_TEST(train.classes() == (std::vector<std::int64_t>{-1, 1}), boost::test_tools::per_element());
    auto const ones = std::accumulate(train.labels().begin(), train.labels().end(), 0u);
    BOOST_TEST(ones == 7841u);
    BOOST_TEST(test.rows() == 16281u);
    BOOST_TEST(test.features() == 123u); // its own largest index is 122
}

BOOST_AUTO_TEST_SUITE_END()
