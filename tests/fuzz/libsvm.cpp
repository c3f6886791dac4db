// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <string>

#include <terse/data/libsvm.hpp>

#include "fuzz/data.hpp"

namespace {

std::string written(terse::dataset<float> const& data) {
    std::string text;
    for (std::size_t i = 0; i < data.rows(); ++i) {
        text += std::to_string(data.classes()[data.label(i)]);
        auto const row = data.row(i);
        for (std::size_t j = 0; j < row.values.size(); ++j)
            text += " " + std::to_string(row.columns[j] + std::uint64_t{1}) + ":" + fuzz::shortest(row.values[j]);
        text += "\n";
    }
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    fuzz::read_and_write(data, size, written, [](std::istream& in) { return terse::read_libsvm<float>(in, "fuzz"); });
    return 0;
}
