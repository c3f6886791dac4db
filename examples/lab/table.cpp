// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/table.hpp>

#include <iomanip>
#include <iostream>

namespace lab {

void print_row(std::string const& name, std::vector<std::string> const& cells, int width) {
    std::cout << "  " << std::left << std::setw(24) << name << std::right;
    for (auto const& c : cells) std::cout << std::setw(width) << c;
    std::cout << '\n';
}

void claims::check(std::string const& what, bool seen) {
    std::cout << "  " << (seen ? "pass  " : "FAIL  ") << what << '\n';
    all_ = all_ && seen;
}

} // namespace lab
