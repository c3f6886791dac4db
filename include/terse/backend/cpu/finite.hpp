// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <terse/backend/cpu/candidates.hpp>
#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/levels.hpp>
#include <terse/backend/view.hpp>

namespace terse {

/// The first coordinate that is NaN or infinite, or the size. The largest magnitude of a chunk tells whether one is.
template <class T>
std::size_t first_non_finite(view<cpu, T const> x, instruction_set form = best_instruction_set()) {
    constexpr std::size_t chunk = 4096;
    for (std::size_t begin = 0; begin < x.size(); begin += chunk) {
        auto const n = std::min(chunk, x.size() - begin);
        if (std::isfinite(detail::largest_magnitude_of(unchanged<T>{x.data()}, begin, n, form))) continue;
        auto const part = x.part(begin, n);
        auto const first = std::find_if(part.begin(), part.end(), [](T v) { return !std::isfinite(v); });
        return begin + static_cast<std::size_t>(first - part.begin());
    }
    return x.size();
}

} // namespace terse
