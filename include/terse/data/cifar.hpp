// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <string>
#include <utility>
#include <vector>

#include <terse/data/dataset.hpp>
#include <terse/data/text.hpp>

namespace terse {

/// How a byte becomes a feature: (byte / 255 - center) / spread; [-1, 1] by default.
struct cifar_options {
    double center = 0.5;
    double spread = 0.5;
};

/// Reads the binary version of CIFAR-10: records of one label byte (0 .. 9) and 3072 pixel bytes (32 x 32 red, green,
/// blue), nothing between them. The 10 classes are known even if not all occur. Throws input_error: the line is the
/// record (from 1), the column the byte in it (from 1); the text names the byte's offset in the file.
template <class T = float>
dataset<T> read_cifar(std::istream& in, std::string const& name, cifar_options const& options = {}) {
    if (!std::isfinite(options.center) || !std::isfinite(options.spread) || options.spread == 0)
        throw configuration_error("cifar: center and spread must be finite and spread not 0");
    constexpr std::size_t pixels = 3072, size = pixels + 1;
    std::array<T, 256> feature{};
    for (std::size_t b = 0; b < 256; ++b)
        feature[b] = static_cast<T>((static_cast<double>(b) / 255.0 - options.center) / options.spread);

    std::vector<T> values;
    std::vector<std::int64_t> labels;
    std::array<char, size> record{};
    for (std::uint64_t r = 0;; ++r) {
        in.read(record.data(), static_cast<std::streamsize>(size));
        auto const got = static_cast<std::uint64_t>(in.gcount());
        if (in.bad()) throw input_error(name, r + 1, 0, "the input cannot be read");
        if (got == 0) break;
        if (got < size)
            throw input_error(name, r + 1, got + 1,
                              "the file ends at byte " + std::to_string(r * size + got) + " inside a record of " +
                                  std::to_string(size) + " bytes");
        auto const label = static_cast<unsigned char>(record[0]);
        if (label > 9)
            throw input_error(name, r + 1, 1,
                              "label " + std::to_string(label) + " at byte " + std::to_string(r * size) +
                                  " is not 0 .. 9");
        labels.push_back(label);
        for (std::size_t i = 1; i < size; ++i) values.push_back(feature[static_cast<unsigned char>(record[i])]);
    }
    if (labels.empty()) throw input_error(name, 0, 0, "the file has no rows");
    return dataset<T>::dense(pixels, std::move(values), labels, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

/// The same from a file.
template <class T = float>
dataset<T> read_cifar(std::filesystem::path const& path, cifar_options const& options = {}) {
    auto in = open_input(path);
    return read_cifar<T>(in, path.string(), options);
}

} // namespace terse
