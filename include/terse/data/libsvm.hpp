// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <terse/data/dataset.hpp>
#include <terse/data/text.hpp>

namespace terse {

/// What the reader should expect. For a test set, take both from the training set.
struct libsvm_options {
    std::size_t features = 0;          ///< the number of features; 0: the largest index in the file
    std::vector<std::int64_t> classes; ///< the labels that may occur; empty: those in the file
};

/// Reads sparse rows "label index:value index:value ..", indices from 1 and ascending; "#" starts a comment, empty
/// lines are skipped. Throws input_error with line and column for anything else, `name` being the file in it.
template <class T = float>
dataset<T> read_libsvm(std::istream& in, std::string const& name, libsvm_options const& options = {}) {
    std::uint64_t const most =
        options.features != 0 ? options.features : std::uint64_t{std::numeric_limits<std::uint32_t>::max()};
    std::vector<std::size_t> offsets{0};
    std::vector<std::uint32_t> columns;
    std::vector<T> values;
    std::vector<std::int64_t> labels;
    std::uint64_t largest = 0;

    text_reader text(in, name);
    while (text.next_line()) {
        text.cut_at('#');
        if (text.at_end()) continue;
        labels.push_back(text.label(options.classes));
        std::uint64_t previous = 0;
        while (!text.at_end()) {
            std::size_t const start = text.position();
            text.skip_blanks();
            if (text.at_end()) break;
            if (text.position() == start) text.fail("blank expected");
            std::size_t const here = text.position();
            std::uint64_t const index = text.natural("the feature index");
            if (index == 0) text.fail_at(here, "feature indices start from 1");
            if (index > most) text.fail_at(here, "the feature index is above " + std::to_string(most));
            if (index <= previous) text.fail_at(here, "feature indices must ascend");
            if (!text.skip(':')) text.fail("':' expected after the feature index");
            values.push_back(text.number<T>("the feature value"));
            columns.push_back(static_cast<std::uint32_t>(index - 1));
            previous = index;
        }
        largest = std::max(largest, previous);
        offsets.push_back(values.size());
    }
    if (labels.empty()) text.fail("the file has no rows");
    if (options.features == 0 && largest == 0) text.fail("the file has no features");
    return dataset<T>::sparse(options.features != 0 ? options.features : static_cast<std::size_t>(largest),
                              std::move(offsets), std::move(columns), std::move(values), labels, options.classes);
}

/// The same from a file.
template <class T = float>
dataset<T> read_libsvm(std::filesystem::path const& path, libsvm_options const& options = {}) {
    auto in = open_input(path);
    return read_libsvm<T>(in, path.string(), options);
}

} // namespace terse
