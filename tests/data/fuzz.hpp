// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <sstream>
#include <string>

#include <terse/error.hpp>
#include <terse/random.hpp>

namespace checks {

/// Reads damaged copies of a valid input: cut off anywhere, bits flipped, bytes replaced, doubled or taken out. Each is
/// either read, or refused with an input_error that names the file; nothing else may come out. Returns how many were
/// refused.
template <class Read>
int damage(std::string const& valid, std::uint64_t times, Read const& read) {
    int refused = 0;
    for (std::uint64_t t = 0; t < times; ++t) {
        terse::random_stream const random(t, terse::purpose::user, 77);
        std::string text = valid;
        std::uint64_t const changes = 1 + random.below(0, 3);
        for (std::uint64_t c = 1; c <= changes && !text.empty(); ++c) {
            auto const at = static_cast<std::size_t>(random.below(4 * c, text.size()));
            std::string const nasty("\0\n\r\t :,#+-.e9xniNI\"\xff", 20);
            switch (random.below(4 * c + 1, 5)) {
            case 0:
                text.resize(at);
                break;
            case 1:
                text[at] = static_cast<char>(text[at] ^ (1 << random.below(4 * c + 2, 8)));
                break;
            case 2:
                text[at] = nasty[static_cast<std::size_t>(random.below(4 * c + 2, nasty.size()))];
                break;
            case 3:
                text.insert(at, text.substr(at, 1 + random.below(4 * c + 2, 20)));
                break;
            default:
                text.erase(at, 1 + random.below(4 * c + 2, 4));
                break;
            }
        }
        std::istringstream in(text);
        try {
            auto const data = read(in);
            BOOST_REQUIRE(data.rows() > 0);
            BOOST_REQUIRE(data.features() > 0);
        } catch (terse::input_error const& e) {
            ++refused;
            BOOST_REQUIRE(e.file == "damaged");
        }
    }
    return refused;
}

/// What a reader says about a text: "line:column: message", or "" if it reads it.
template <class Read>
std::string complaint(std::string const& text, Read const& read) {
    std::istringstream in(text);
    try {
        read(in);
    } catch (terse::input_error const& e) {
        std::string const what = e.what();
        return what.substr(e.file.size() + 1);
    }
    return "";
}

} // namespace checks
