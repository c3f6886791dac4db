// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <sstream>
#include <string>

#include <terse/data/edge_list.hpp>

BOOST_AUTO_TEST_SUITE(edge_list)

namespace {

terse::topology read(std::string const& text, std::uint32_t workers) {
    std::istringstream in(text);
    return terse::read_topology(in, "edges.txt", workers);
}

} // namespace

BOOST_AUTO_TEST_CASE(one_edge_on_each_line) {
    auto const ring = read("# a ring\n0 1\n\n 1\t2 # and on\r\n2 3\n3 0", 4);
    BOOST_TEST(ring.checksum() == terse::topology::ring(4).checksum());
    BOOST_TEST(ring.workers() == 4u);
    BOOST_TEST(!ring.is_directed());
    BOOST_TEST(read("", 3).edges() == 0u);
    BOOST_TEST(read("  # nobody\n", 0).workers() == 0u);
}

BOOST_AUTO_TEST_CASE(names_the_line_and_what_is_wrong) {
    auto const refuses = [](std::string const& text, std::uint64_t line, std::uint64_t column, char const* words) {
        BOOST_CHECK_EXCEPTION(read(text, 4), terse::input_error, [&](terse::input_error const& e) {
            BOOST_TEST_MESSAGE(e.what());
            return e.line == line && e.column == column && std::string(e.what()).find(words) != std::string::npos;
        });
    };
    refuses("0 1\n1 4\n", 2, 3, "there is no worker 4 among 4");
    refuses("4294967296 1\n", 1, 1, "there is no worker 4294967296");
    refuses("99999999999999999999999 1\n", 1, 1, "out of range");
    refuses("0 1\n\n# x\n2 2\n", 4, 1, "itself");
    refuses("0 1\n2 3\n 1 0\n", 3, 2, "the edge 1 - 0 is there twice");
    refuses("0 1\n0 1\n", 2, 1, "twice");
    refuses("0\n", 1, 2, "expected a whole number");
    refuses("0 # 1\n", 1, 3, "expected a whole number");
    refuses("0 1 2\n", 1, 5, "end of line expected");
    refuses("0 1.5\n", 1, 4, "end of line expected");
    refuses("-1 2\n", 1, 1, "expected a whole number");
    refuses("a b\n", 1, 1, "expected a whole number");
    BOOST_CHECK_THROW(terse::read_topology(std::filesystem::path("no/such/file"), 4), terse::input_error);
}

BOOST_AUTO_TEST_SUITE_END()
