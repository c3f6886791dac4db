// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include <terse/data/edge_list.hpp>

#include "fuzz/require.hpp"

// The first byte is the number of workers. Either an input_error that names the file, or a graph that, written as a
// file, is read as the same.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    auto const workers = std::uint32_t{data[0]};
    try {
        std::istringstream in(std::string(data + 1, data + size));
        auto const graph = terse::read_topology(in, "fuzz", workers);
        fuzz::require(graph.workers() == workers, "as many workers as were asked for");
        std::string text;
        for (std::uint32_t k = 0; k < workers; ++k) {
            std::uint32_t before = 0;
            bool first = true;
            for (auto const j : graph.neighbours(k)) {
                fuzz::require(j < workers && j != k && (first || j > before), "ascending neighbours");
                before = j;
                first = false;
                if (j > k) text.append(std::to_string(j)).append(" ").append(std::to_string(k)).append("\n");
            }
        }
        std::istringstream again(text);
        fuzz::require(terse::read_topology(again, "fuzz", workers).checksum() == graph.checksum(),
                      "what is written is read as the same");
    } catch (terse::input_error const& e) {
        fuzz::require(e.file == "fuzz", "the file is named");
    }
    return 0;
}
