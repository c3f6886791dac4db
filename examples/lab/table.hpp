// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <string>
#include <vector>

namespace lab {

/// Prints a name and, in columns, what belongs to it.
void print_row(std::string const& name, std::vector<std::string> const& cells, int width = 12);

/// One text for each of some values.
template <class Values, class Text>
std::vector<std::string> each(Values const& values, Text text) {
    std::vector<std::string> all;
    all.reserve(values.size());
    for (auto const& v : values) all.push_back(text(v));
    return all;
}

/// Statements held against numbers, a printed line each.
class claims {
public:
    void check(std::string const& what, bool seen);
    bool all() const { return all_; } ///< whether all were seen; true if there was none

private:
    bool all_ = true;
};

} // namespace lab
