// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/random.hpp>

namespace oracle {

/// The sixteen random bits with which coordinate i is rounded, by the definition.
inline std::uint32_t rounding_draw(terse::random_stream const& random, std::size_t i) {
    auto const word = random.block(8 * (i / 64) + i % 8)[i % 64 / 16];
    return i / 8 % 2 == 0 ? word & 0xffff : word >> 16;
}
/// What decides where they do not, in [0, 1).
inline double rounding_tail(terse::random_stream const& random, std::size_t i) {
    return random.block((std::uint64_t{1} << 63) + i / 4)[i % 4] / 4294967296.0;
}

} // namespace oracle
