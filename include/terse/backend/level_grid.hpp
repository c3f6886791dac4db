// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <terse/backend/magnitude.hpp>

namespace terse {

/// Which norm of a bucket is its largest level: the Euclidean one, the largest magnitude, or one that the caller knows.
enum class norm : std::uint8_t { l2, linf, given };

/// How numbers become levels: those of a bucket share a unit u = norm / s, and become l u with an integer l in
/// {-s, .., s} that is drawn such that the expected value is the number.
struct level_grid {
    std::uint32_t levels = 127; ///< s, 1 .. 32767
    std::size_t bucket = 512;   ///< consecutive coordinates with one unit, at least 1
    terse::norm norm = terse::norm::l2;

    static constexpr std::uint32_t most_levels = 32767;

    /// Bits of a level, a number in two's complement.
    constexpr unsigned width() const { return static_cast<unsigned>(std::bit_width(levels)) + 1; }
    constexpr std::size_t buckets(std::size_t d) const {
        return d == 0 ? 0 : d / bucket + (d % bucket != 0 ? 1 : 0); // none of no size
    }
    constexpr std::size_t words(std::size_t d) const {
        return d / 64 * width() + (d % 64 * width() + 63) / 64; // d width() may have more than 64 bits
    }
};

/// The least unit that reaches the norm, s u >= norm, unless s u would be infinite; NaN where the norm is not finite.
template <class T>
T unit_of(double norm, std::uint32_t levels) {
    constexpr auto most = std::numeric_limits<T>::max();
    if (!(norm <= std::numeric_limits<double>::max())) return std::numeric_limits<T>::quiet_NaN();
    auto const s = static_cast<double>(levels);
    double const wanted = norm / s;
    auto unit = wanted >= static_cast<double>(most) ? most : static_cast<T>(wanted);
    // Added rather than chosen: nobody can guess how a bucket's norm is rounded.
    bool const small = (static_cast<double>(unit) * s < norm) & (unit < most);
    unit = from_magnitude<T>(magnitude(unit) + static_cast<magnitude_t<T>>(small));
    if (unit * static_cast<T>(levels) <= most) return unit;
    // At most one step above the largest that will do, so that few are needed down from there.
    unit = std::min(unit, from_magnitude<T>(magnitude(most / static_cast<T>(levels)) + 1));
    while (!(unit * static_cast<T>(levels) <= most)) unit = from_magnitude<T>(magnitude(unit) - 1);
    return unit;
}

/// Units below this are multiplied with a power of two, and the numbers with them, so that 65536 / u is finite.
template <class T>
inline constexpr T tiny_unit = sizeof(T) == 4 ? T(0x1p-100) : static_cast<T>(0x1p-900);
template <class T>
inline constexpr T out_of_tiny = sizeof(T) == 4 ? T(0x1p100) : static_cast<T>(0x1p600);

/// The level of a number: sign(x) (floor(r) + 1 or 0) with r = min(|x| / u, s). Up with the probability of the fraction
/// of r: where its first sixteen bits and the sixteen random bits of `draw` carry, or nearly, and more() is below what
/// comes after, in [0, 1).
template <class T, class More>
std::int32_t level_of(T x, T unit, std::uint32_t levels, std::uint32_t draw, More more) {
    T magnitude = std::fabs(x);
    if (!(unit > 0)) return 0; // of zeros, or NaN
    if (unit < tiny_unit<T>) {
        magnitude *= out_of_tiny<T>;
        unit *= out_of_tiny<T>;
    }
    T const r = std::min(magnitude * (T(65536) / unit), static_cast<T>(levels << 16)); // 2^16 r
    if (!(r >= 0)) return 0;
    auto const whole = static_cast<std::uint32_t>(r);
    auto const sum = whole + draw;
    auto level = static_cast<std::int32_t>(sum >> 16);
    if ((sum & 0xffff) == 0xffff && more() < static_cast<double>(r - static_cast<T>(whole))) ++level;
    return x < 0 ? -level : level;
}

} // namespace terse
