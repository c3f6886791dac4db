// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <string>

#include <terse/data/csv.hpp>

#include "fuzz/data.hpp"

namespace {

std::string written(terse::dataset<float> const& data) {
    std::string text;
    for (std::size_t i = 0; i < data.rows(); ++i) {
        text += std::to_string(data.classes()[data.label(i)]);
        for (float const x : data.row(i).values) text += "," + fuzz::shortest(x);
        text += "\n";
    }
    return text;
}

} // namespace

// The first byte chooses the options that a file is read with first; it is written as the defaults read it.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    terse::csv_options options;
    if (data[0] == 'l') options.label_column = terse::last_column;
    if (data[0] == 'h') options.header = true;
    if (data[0] == 's') options.separator = ' ';
    if (data[0] == 'f') options = {.label_column = 1, .features = 2, .classes = {-1, 1}};
    bool first = true;
    fuzz::read_and_write(data + 1, size - 1, written, [&](std::istream& in) {
        auto const now = first ? options : terse::csv_options{};
        first = false;
        return terse::read_csv<float>(in, "fuzz", now);
    });
    return 0;
}
