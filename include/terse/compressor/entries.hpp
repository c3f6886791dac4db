// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <terse/error.hpp>
#include <terse/run/schedule.hpp>

namespace terse {

/// How many of d coordinates a sparsifier keeps: `count` if it is not 0, otherwise round(ratio d), at least 1.
inline std::size_t entries(schedule const& ratio, std::size_t count, std::size_t d, std::uint64_t round) {
    if (count != 0) return count;
    auto const n = static_cast<std::size_t>(std::floor(ratio(round) * static_cast<double>(d) + 0.5));
    return std::clamp<std::size_t>(n, 1, d);
}

/// Throws configuration_error unless 1 <= count <= d, or count = 0 and the ratio always lies in (0, 1].
inline void validate_entries(char const* who, schedule const& ratio, std::size_t count, std::size_t d) {
    if (count > d)
        throw configuration_error(std::string(who) + ": count " + std::to_string(count) + " exceeds the dimension " +
                                  std::to_string(d));
    if (count == 0 && !(ratio.within(std::numeric_limits<double>::min(), 1)))
        throw configuration_error(std::string(who) + ": the ratio must lie in (0, 1]");
}

} // namespace terse
