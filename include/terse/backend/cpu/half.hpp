// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/backend/view.hpp>
#include <terse/wire/precision.hpp>

namespace terse {

/// Makes the values what travels in 16 bits, and adds to rest_i what that takes off value i, unless rest is empty.
template <class T>
void round_values(wire::precision p, view<cpu, T> values, view<cpu, T> rest) {
    if (p == wire::precision::full) return;
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto const lost = wire::round_to(p, values[i]);
        if (!rest.empty()) rest[i] += lost;
    }
}

/// The same for entries: of entry j, to rest_{i_j}.
template <class T>
void round_entries(wire::precision p, view<cpu, index_t const> indices, view<cpu, T> values, view<cpu, T> rest) {
    if (p == wire::precision::full) return;
    constexpr std::size_t ahead = 16; // entries: their places are rarely in cache
    for (std::size_t j = 0; j < indices.size(); ++j) {
        if (!rest.empty() && j + ahead < indices.size()) __builtin_prefetch(&rest[indices[j + ahead]], 1);
        auto const lost = wire::round_to(p, values[j]);
        if (!rest.empty()) rest[indices[j]] += lost;
    }
}

} // namespace terse
