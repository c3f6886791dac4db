// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <terse/run/number_text.hpp>

namespace bench {

/// What was measured: the median of some repeats.
struct record {
    std::string name;
    std::size_t dimension = 0;
    std::size_t workers = 1;
    double seconds = 0;
    double bytes = 0;   ///< that must move at least
    double of_copy = 0; ///< bytes / seconds, as a part of what a copy of vectors of this dimension reaches
    std::size_t repeats = 0;
};

/// What was not, and why.
struct left_out {
    std::string name;
    std::size_t dimension = 0;
    std::size_t workers = 1;
    std::string reason;
};

/// Prints a line for each record when it comes, and writes all of them as JSON.
class report {
public:
    explicit report(std::string device) : device_(std::move(device)) {
        std::printf("%s\n%-28s %12s %7s %12s %10s %8s\n", device_.c_str(), "", "dimension", "workers", "microseconds",
                    "GB/s", "of copy");
    }

    void add(record r) {
        std::printf("%-28s %12zu %7zu %12.1f %10.1f %7.0f%%\n", r.name.c_str(), r.dimension, r.workers, r.seconds * 1e6,
                    r.bytes / r.seconds / 1e9, 100 * r.of_copy);
        std::fflush(stdout);
        records_.push_back(std::move(r));
    }
    void leave_out(left_out l) {
        std::printf("%-28s %12zu %7zu skipped: %s\n", l.name.c_str(), l.dimension, l.workers, l.reason.c_str());
        std::fflush(stdout);
        left_out_.push_back(std::move(l));
    }
    std::size_t size() const { return records_.size(); }

    /// Throws std::runtime_error if the file cannot be written.
    void write(std::string const& path) const {
        std::ofstream out(path);
        out << "{\n  \"device\": " << quoted(device_) << ",\n  \"records\": [";
        auto const* separator = "\n";
        for (auto const& r : records_) {
            out << separator << "    {" << who(r) << ", \"seconds\": " << terse::number_text(r.seconds)
                << ", \"bytes\": " << terse::number_text(r.bytes) << ", \"of_copy\": " << terse::number_text(r.of_copy)
                << ", \"repeats\": " << r.repeats << "}";
            separator = ",\n";
        }
        out << "\n  ],\n  \"skipped\": [";
        separator = "\n";
        for (auto const& l : left_out_) {
            out << separator << "    {" << who(l) << ", \"reason\": " << quoted(l.reason) << "}";
            separator = ",\n";
        }
        out << "\n  ]\n}\n";
        if (!out.flush()) throw std::runtime_error("cannot write " + path);
    }

private:
    static std::string quoted(std::string const& text) {
        std::string out = "\"";
        for (char const c : text) {
            if (c == '"' || c == '\\') out += '\\';
            out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
        }
        return out + '"';
    }
    template <class R>
    static std::string who(R const& r) {
        return "\"name\": " + quoted(r.name) + ", \"dimension\": " + std::to_string(r.dimension) +
               ", \"workers\": " + std::to_string(r.workers);
    }

    std::string device_;
    std::vector<record> records_;
    std::vector<left_out> left_out_;
};

} // namespace bench
