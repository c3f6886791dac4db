// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

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

inline constexpr std::size_t last_column = std::numeric_limits<std::size_t>::max();

/// What the reader should expect. For a test set, take features and classes from the training set.
struct csv_options {
    std::size_t label_column = 0; ///< counted from 0, or last_column
    bool header = false;          ///< skip the first line
    char separator = ',';
    std::size_t features = 0;          ///< the number of columns without the label; 0: as in the first row
    std::vector<std::int64_t> classes; ///< the labels that may occur; empty: those in the file
};

/// Reads dense rows: numbers between separators, one of them the label, the same number of columns in each line. Blanks
/// around numbers (unless one is the separator) and empty lines are skipped; there is no quoting. Throws input_error
/// with line and column for anything else, `name` being the file in it.
template <class T = float>
dataset<T> read_csv(std::istream& in, std::string const& name, csv_options const& options = {}) {
    std::size_t columns = options.features != 0 ? options.features + 1 : 0; // 0: not known yet
    std::vector<T> values;
    std::vector<std::int64_t> labels;

    bool const trim = options.separator != ' ' && options.separator != '\t';
    text_reader text(in, name);
    if (options.header) text.next_line();
    while (text.next_line()) {
        if (columns == 0) columns = text.count(options.separator) + 1;
        if (columns < 2) text.fail("a label and at least one feature expected");
        std::size_t const label_at = options.label_column == last_column ? columns - 1 : options.label_column;
        if (label_at >= columns) text.fail("there is no label column " + std::to_string(label_at));
        for (std::size_t c = 0; c < columns; ++c) {
            if (c > 0 && !text.skip(options.separator))
                text.fail(text.at_end() ? "only " + std::to_string(c) + " of " + std::to_string(columns) + " columns"
                                        : "separator expected");
            if (trim) text.skip_blanks();
            if (c == label_at)
                labels.push_back(text.label(options.classes));
            else
                values.push_back(text.number<T>("the feature value"));
            if (trim) text.skip_blanks();
        }
        if (!text.at_end()) text.fail("end of line expected after " + std::to_string(columns) + " columns");
    }
    if (labels.empty()) text.fail("the file has no rows");
    return dataset<T>::dense(columns - 1, std::move(values), labels, options.classes);
}

/// The same from a file.
template <class T = float>
dataset<T> read_csv(std::filesystem::path const& path, csv_options const& options = {}) {
    auto in = open_input(path);
    return read_csv<T>(in, path.string(), options);
}

} // namespace terse
