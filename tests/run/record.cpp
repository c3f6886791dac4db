// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>

#include <unistd.h>

#include <terse/error.hpp>
#include <terse/run/record.hpp>

BOOST_AUTO_TEST_SUITE(record)

namespace {

struct temporary_file {
    std::filesystem::path path;
    explicit temporary_file(std::string const& ending)
        : path(std::filesystem::temp_directory_path() / ("terse-record-" + std::to_string(getpid()) + ending)) {}
    temporary_file(temporary_file const&) = delete;
    temporary_file& operator=(temporary_file const&) = delete;
    ~temporary_file() { std::filesystem::remove(path); }
    std::string text() const {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};

terse::fields const sample{{"t", 3},
                           {"loss", 0.1},
                           {"small", 0.1f},
                           {"bytes", std::uint64_t{1} << 63},
                           {"on", true},
                           {"name", std::string("a \"b\",\n\\c\x01")},
                           {"bad", std::numeric_limits<double>::quiet_NaN()},
                           {"high", -std::numeric_limits<double>::infinity()}};

} // namespace

BOOST_AUTO_TEST_CASE(json_is_valid_also_for_what_json_lacks) {
    BOOST_TEST(terse::json_line(sample) ==
               R"({"t": 3, "loss": 0.1, "small": 0.1, "bytes": 9223372036854775808, "on": true, )"
               R"("name": "a \"b\",\n\\c\u0001", "bad": "nan", "high": "-inf"})");
    BOOST_TEST(terse::json_line({}) == "{}");
}

BOOST_AUTO_TEST_CASE(csv_quotes_what_needs_it) {
    BOOST_TEST(terse::csv_line(sample, true) == "t,loss,small,bytes,on,name,bad,high");
    BOOST_TEST(terse::csv_line(sample) == "3,0.1,0.1,9223372036854775808,true,\"a \"\"b\"\",\n\\c\x01\",nan,-inf");
}

BOOST_AUTO_TEST_CASE(a_csv_file_has_one_header_and_no_configuration) {
    temporary_file const file(".csv");
    {
        terse::fields const configuration{{"seed", 1}};
        terse::record_file out(file.path, configuration);
        out.write({{"t", 0}, {"x", 1.5}});
        out.write({{"t", 1}, {"x", 2.5}});
        BOOST_TEST(file.text() == "t,x\n0,1.5\n1,2.5\n"); // also before it is closed
    }
}

BOOST_AUTO_TEST_CASE(a_json_file_begins_with_the_configuration) {
    temporary_file const file(".jsonl");
    terse::fields const configuration{{"seed", 1}};
    terse::record_file out(file.path, configuration);
    out.write({{"t", 0}});
    BOOST_TEST(file.text() == "{\"seed\": 1}\n{\"t\": 0}\n");
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_are_refused) {
    BOOST_CHECK_THROW(terse::record_file("x.txt"), terse::configuration_error);
    BOOST_CHECK_THROW(terse::record_file("/no/such/folder/x.csv"), terse::configuration_error);
    BOOST_CHECK_THROW(terse::record_file(""), terse::configuration_error);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_noticed) {
    if (!std::filesystem::exists("/dev/full")) return;
    temporary_file const link(".csv");
    std::filesystem::create_symlink("/dev/full", link.path);
    terse::record_file out(link.path);
    BOOST_CHECK_THROW(out.write({{"t", 0}}), terse::error);
}

BOOST_AUTO_TEST_SUITE_END()
