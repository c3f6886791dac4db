// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

namespace terse::fixed_order {

/// The order in which every backend adds up n terms in double; it depends on n alone. Terms are dealt to sixteen lanes
/// within blocks of 4,096, a lane is added up from front to back, then the lanes of a block as a tree, then the blocks
/// one after the other.
inline constexpr std::size_t lanes = 16;
inline constexpr std::size_t block = 4096;

/// The sum of the lanes of one block: of the first half and the second, lane by lane, until one is left.
constexpr double sum(double const* lane) {
    double left[lanes / 2]{};
    for (std::size_t j = 0; j < lanes / 2; ++j) left[j] = lane[j] + lane[j + lanes / 2];
    for (auto width = lanes / 4; width > 0; width /= 2)
        for (std::size_t j = 0; j < width; ++j) left[j] += left[j + width];
    return left[0];
}

} // namespace terse::fixed_order
