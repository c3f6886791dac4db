// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cmath>
#include <string>

#include <terse/data/cifar.hpp>

#include "fuzz/data.hpp"

namespace {

std::string written(terse::dataset<float> const& data) {
    std::string text;
    for (std::size_t i = 0; i < data.rows(); ++i) {
        text += static_cast<char>(data.label(i));
        for (float const x : data.row(i).values)
            text += static_cast<char>(static_cast<unsigned char>(std::lround((x + 1) * 127.5f)));
    }
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::read_and_write(data, size, written,
                                           [](std::istream& in) { return terse::read_cifar<float>(in, "fuzz"); });
    auto const end = data + size;
    fuzz::require(text.empty() || std::equal(data, end, text.begin(), text.end(),
                                             [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }),
                  "a file and its data are the same bytes");
    return 0;
}
