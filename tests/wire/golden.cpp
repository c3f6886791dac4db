// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <span>

#include "wire/golden.hpp"

// Format version 1. The files are the first bytes that were written of their messages, and never change.
BOOST_AUTO_TEST_SUITE(golden)

using bytes = std::vector<std::byte>;

std::filesystem::path const corpus = TERSE_CORPUS_DIR;

bytes content(std::filesystem::path const& path) {
    std::ifstream in(path, std::ios::binary);
    BOOST_REQUIRE_MESSAGE(in, "there is no " << path);
    std::vector<char> const text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    auto const as_bytes = std::as_bytes(std::span<char const>(text));
    return {as_bytes.begin(), as_bytes.end()};
}

BOOST_AUTO_TEST_CASE(messages_are_written_and_read_as_ever) {
    std::set<std::filesystem::path> seen;
    checks::for_each_golden([&]<class T, class M>(std::string const& file, T, M const& m, terse::wire::envelope e) {
        BOOST_TEST_CONTEXT(file) {
            seen.insert(corpus / file);
            auto const expected = content(corpus / file);
            BOOST_REQUIRE(m.bytes() == expected.size());
            bytes written(expected.size());
            terse::wire::encode<T>(m, e, written);
            BOOST_TEST((written == expected));

            auto again = m; // keeps what does not travel
            BOOST_TEST((terse::wire::decode<T>(std::span<std::byte const>(expected), m.dimension(), again) == e));
            std::fill(written.begin(), written.end(), std::byte{0});
            terse::wire::encode<T>(again, e, written);
            BOOST_TEST((written == expected));
        }
    });
    for (auto const& entry : std::filesystem::recursive_directory_iterator(corpus))
        if (entry.path().filename().string().starts_with("golden"))
            BOOST_TEST(seen.contains(entry.path()), "no test of " << entry.path());
}

BOOST_AUTO_TEST_SUITE_END()
