// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <fstream>
#include <span>
#include <string>

#include <terse/error.hpp>
#include <terse/run/number_text.hpp>

namespace lab {

/// Cuts a file of rows t = 0, every, 2 every, .. and perhaps a last one, for a run that goes on from `round` to `steps`
/// and appends: later rows go, and what was last unless it still is. Rows begin with t: CSV, or JSON lines. Returns
/// whether there is one of `round`. Throws input_error if one is missing.
bool keep_rows(std::string const& file, std::uint64_t round, std::uint64_t every, std::uint64_t steps);

/// The iterates as CSV, with digits that round-trip.
template <class T>
class iterates_file {
public:
    iterates_file(std::string const& name, std::size_t d, bool append)
        : name_(name), out_(name, append ? std::ios::binary | std::ios::app : std::ios::binary) {
        if (!out_) throw terse::configuration_error("--iterates: \"" + name + "\" cannot be written");
        if (append) return;
        out_ << 't';
        for (std::size_t i = 0; i < d; ++i) out_ << ",w" << i;
        out_ << '\n';
    }
    void write(std::uint64_t t, std::span<T const> w) {
        out_ << t;
        for (T const x : w) out_ << ',' << terse::number_text(x);
        out_ << '\n';
    }
    void flush() {
        out_.flush();
        if (!out_) throw terse::error("--iterates: writing \"" + name_ + "\" failed");
    }

private:
    std::string name_;
    std::ofstream out_;
};

} // namespace lab
