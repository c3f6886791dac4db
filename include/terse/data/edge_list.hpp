// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <terse/cluster/topology.hpp>
#include <terse/data/text.hpp>

namespace terse {

/// Reads an undirected graph of so many workers: one edge on each line, two numbers from 0 .. workers - 1 with blanks
/// between them. What follows a # is a comment. Throws input_error with line and column for anything else, for an edge
/// from a worker to itself, and for one that is there twice, in either direction; `name` is the file in it.
inline topology read_topology(std::istream& in, std::string const& name, std::uint32_t workers) {
    text_reader text(in, name);
    std::vector<topology::edge> edges;
    std::set<topology::edge> seen;
    while (text.next_line()) {
        text.cut_at('#');
        if (text.at_end()) continue;
        auto const start = text.position();
        auto const worker = [&] {
            text.skip_blanks();
            auto const at = text.position();
            auto const k = text.natural("a worker");
            if (k >= workers)
                text.fail_at(at, "there is no worker " + std::to_string(k) + " among " + std::to_string(workers) +
                                     ", which are counted from 0");
            return static_cast<std::uint32_t>(k);
        };
        auto const a = worker();
        auto const b = worker();
        text.skip_blanks();
        if (!text.at_end()) text.fail("end of line expected after two workers");
        if (a == b) text.fail_at(start, "an edge from worker " + std::to_string(a) + " to itself");
        if (!seen.insert({std::min(a, b), std::max(a, b)}).second)
            text.fail_at(start, "the edge " + std::to_string(a) + " - " + std::to_string(b) + " is there twice");
        edges.push_back({a, b});
    }
    return {workers, edges};
}

/// The same from a file.
inline topology read_topology(std::filesystem::path const& path, std::uint32_t workers) {
    auto in = open_input(path);
    return read_topology(in, path.string(), workers);
}

} // namespace terse
