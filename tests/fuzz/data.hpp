// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include <terse/data/dataset.hpp>

#include "fuzz/require.hpp"

namespace fuzz {

/// The shortest text that is read as x.
inline std::string shortest(float x) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

inline void check(terse::dataset<float> const& data) {
    require(data.rows() > 0 && data.features() > 0, "rows and features");
    require(std::is_sorted(data.classes().begin(), data.classes().end()), "ascending classes");
    for (std::size_t i = 0; i < data.rows(); ++i) {
        auto const row = data.row(i);
        require(data.label(i) < data.classes().size(), "labels among the classes");
        require(row.sparse ? row.values.size() == row.columns.size() : row.values.size() == data.features(),
                "as many columns as values");
        for (std::size_t j = 0; j < row.values.size(); ++j) {
            require(std::isfinite(row.values[j]), "finite features");
            require(!row.sparse || row.columns[j] < data.features(), "columns below the number of features");
            require(!row.sparse || j == 0 || row.columns[j] > row.columns[j - 1], "ascending columns");
        }
    }
}

/// Either an input_error, or data that satisfy every invariant and, written as a file, are read as the same. Returns
/// that file, empty after an error.
template <class Write, class Read>
std::string read_and_write(std::uint8_t const* bytes, std::size_t size, Write write, Read read) {
    try {
        std::istringstream in(std::string(bytes, bytes + size));
        auto const data = read(static_cast<std::istream&>(in));
        check(data);
        auto const text = write(data);
        std::istringstream again(text);
        auto const same = read(static_cast<std::istream&>(again));
        require(same.features() == data.features() && same.stored() == data.stored() && write(same) == text,
                "what is written is read as the same");
        return text;
    } catch (terse::input_error const& e) {
        require(e.file == "fuzz", "the file is named");
        return {};
    }
}

} // namespace fuzz
