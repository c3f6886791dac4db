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

/// The iterates as CSV, with digits that round-trip: rows of t and w, or of t, a worker, and its model.
template <class T>
class iterates_file {
public:
    enum class of { run, workers };

    iterates_file(std::string const& name, std::size_t d, bool append, of what = of::run)
        : name_((what == of::run ? "--iterates: \"" : "--iterates-workers: \"") + name + "\""),
          out_(name, append ? std::ios::binary | std::ios::app : std::ios::binary) {
        if (!out_) throw terse::configuration_error(name_ + " cannot be written");
        if (append) return;
        out_ << (what == of::run ? "t" : "t,worker");
        for (std::size_t i = 0; i < d; ++i) out_ << ",w" << i;
        out_ << '\n';
    }
    void write(std::uint64_t t, std::span<T const> w) {
        out_ << t;
        write(w);
    }
    void write(std::uint64_t t, std::uint32_t worker, std::span<T const> w) {
        out_ << t << ',' << worker;
        write(w);
    }
    void flush() {
        out_.flush();
        if (!out_) throw terse::error(name_ + ": writing failed");
    }

private:
    void write(std::span<T const> w) {
        for (T const x : w) out_ << ',' << terse::number_text(x);
        out_ << '\n';
    }

    std::string name_;
    std::ofstream out_;
};

} // namespace lab
