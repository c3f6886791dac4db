// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace terse {

/// The i-th number of so many bits, in two's complement, where each 64 begin with a word of their own.
inline std::int32_t level_at(std::uint64_t const* words, std::size_t i, unsigned width) {
    auto const* const group = words + i / 64 * width;
    auto const at = i % 64 * width;
    auto bits = group[at / 64] >> at % 64;
    if (at % 64 + width > 64) bits |= group[at / 64 + 1] << (64 - at % 64);
    return static_cast<std::int32_t>(static_cast<std::int64_t>(bits << (64 - width)) >> (64 - width));
}
/// Sets it where it was 0.
inline void set_level_at(std::uint64_t* words, std::size_t i, unsigned width, std::int32_t x) {
    auto* const group = words + i / 64 * width;
    auto const at = i % 64 * width;
    auto const bits = static_cast<std::uint64_t>(std::int64_t{x}) & ((std::uint64_t{1} << width) - 1);
    group[at / 64] |= bits << at % 64;
    if (at % 64 + width > 64) group[at / 64 + 1] |= bits >> (64 - at % 64);
}

/// Bits of Elias' omega code of n, 1 <= n < 2^32.
constexpr unsigned omega_bits(std::uint32_t n) {
    unsigned bits = 1;
    for (; n > 1; n = static_cast<std::uint32_t>(std::bit_width(n)) - 1)
        bits += static_cast<unsigned>(std::bit_width(n));
    return bits;
}
/// Bits of a level in it: the code of |l| + 1, and for other levels than 0 a bit that is 1 for -.
constexpr unsigned level_code_bits(std::uint32_t magnitude) {
    return omega_bits(magnitude + 1) + (magnitude != 0 ? 1 : 0);
}

} // namespace terse
