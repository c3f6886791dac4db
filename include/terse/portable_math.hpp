// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <cstdint>

/// exp and log made of the four operations alone, so that their bits are the same with every C library. The relative
/// error is below 1e-15 times max(1, |x|).
namespace terse::portable {

/// The natural logarithm of a finite, normal x > 0.
constexpr double log(double x) {
    constexpr double ln2_high = 0x1.62e42fee00000p-1; // 32 bits, so that its multiples are exact
    constexpr double ln2_low = 0x1.a39ef35793c76p-33;
    auto const bits = std::bit_cast<std::uint64_t>(x);
    auto exponent = static_cast<int>(bits >> 52) - 1023;
    auto m = std::bit_cast<double>((bits & 0x000fffffffffffffu) | 0x3ff0000000000000u); // x = m 2^exponent
    if (m > 1.4142135623730951) m *= 0.5, ++exponent;
    double const s = (m - 1) / (m + 1); // log m = 2 (s + s^3 / 3 + s^5 / 5 + ..), |s| < 0.172
    double const square = s * s;
    double sum = 0;
    for (int n = 23; n >= 3; n -= 2) sum = (sum + 1.0 / n) * square;
    return exponent * ln2_high + (2 * s + (2 * s * sum + exponent * ln2_low));
}

/// e^x; 0 below -708, and infinite above 709.
constexpr double exp(double x) {
    constexpr double ln2_high = 0x1.62e42fee00000p-1;
    constexpr double ln2_low = 0x1.a39ef35793c76p-33;
    if (x < -708) return 0;
    if (x > 709) return std::bit_cast<double>(std::uint64_t{0x7ff} << 52);
    auto const n = static_cast<int>(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
    double const r = (x - n * ln2_high) - n * ln2_low; // |r| <= 0.35
    double sum = 1;
    for (int i = 14; i >= 1; --i) sum = 1 + sum * r / i;
    return sum * std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52);
}

} // namespace terse::portable
