// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <terse/error.hpp>

namespace terse {

/// A named part of the parameter vector: a rows x cols matrix, row by row (a vector has cols = 1).
struct segment {
    std::string name;
    std::size_t rows = 1;
    std::size_t cols = 1;

    std::size_t size() const { return rows * cols; }
    bool operator==(segment const&) const = default;
};

/// What lies where in the parameter vector: segments in order, without gaps. Names are unique and not empty, no segment
/// is empty, and the total fits in std::size_t; anything else is a configuration_error.
class layout {
public:
    layout() = default;
    explicit layout(std::vector<segment> segments) : segments_(std::move(segments)) {
        offsets_.reserve(segments_.size() + 1);
        names_.reserve(segments_.size());
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            segment const& s = segments_[i];
            auto const most = std::numeric_limits<std::size_t>::max();
            if (s.name.empty()) throw configuration_error("layout: segment " + std::to_string(i) + " has no name");
            if (s.rows == 0 || s.cols == 0) throw configuration_error("layout: segment \"" + s.name + "\" is empty");
            if (s.rows > most / s.cols || s.size() > most - size())
                throw configuration_error("layout: segment \"" + s.name + "\" makes the total size overflow");
            offsets_.push_back(size() + s.size());
            names_.emplace_back(s.name, i);
        }
        std::ranges::sort(names_);
        for (std::size_t i = 1; i < names_.size(); ++i)
            if (names_[i - 1].first == names_[i].first)
                throw configuration_error("layout: two segments are named \"" + names_[i].first + "\"");
    }

    /// The number of segments.
    std::size_t count() const { return segments_.size(); }
    /// The number of parameters in all segments.
    std::size_t size() const { return offsets_.back(); }
    /// All segments, in the order of the parameter vector.
    std::span<segment const> segments() const { return segments_; }
    /// Segment i < count().
    segment const& operator[](std::size_t i) const { return segments_[i]; }
    /// Where segment i <= count() begins; offset(count()) == size().
    std::size_t offset(std::size_t i) const { return offsets_[i]; }

    /// The number of the segment with this name; configuration_error if there is none.
    std::size_t index(std::string_view name) const {
        auto const at =
            std::ranges::lower_bound(names_, name, {}, [](auto const& n) { return std::string_view(n.first); });
        if (at == names_.end() || at->first != name)
            throw configuration_error("layout: no segment is named \"" + std::string(name) + "\"");
        return at->second;
    }
    /// Where the segment with this name begins; configuration_error if there is none.
    std::size_t offset(std::string_view name) const { return offset(index(name)); }

    bool operator==(layout const& other) const { return segments_ == other.segments_; }

private:
    std::vector<segment> segments_;
    std::vector<std::size_t> offsets_{0};
    std::vector<std::pair<std::string, std::size_t>> names_; // sorted, for look-up
};

} // namespace terse
