// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

namespace terse::fixed_order {

/// The order in which every backend adds up n terms in double; it depends on n alone. Terms are dealt to eight lanes
/// within blocks of 4,096, a lane is added up from front to back, then the lanes of a block as a tree, then the blocks
/// one after the other.
inline constexpr std::size_t lanes = 8;
inline constexpr std::size_t block = 4096;

/// The sum of the lanes of one block.
constexpr double sum(double const* lane) {
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

} // namespace terse::fixed_order
