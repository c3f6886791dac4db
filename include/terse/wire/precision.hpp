// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#include <terse/wire/bytes.hpp>

namespace terse::wire {

/// How the values of a message travel: as they are in memory, or in 16 bits, as IEEE's binary16 or as the upper half of
/// binary32. A message that is to travel in 16 bits holds only values that these can hold: see round_to().
enum class precision : std::uint8_t { full = 0, fp16 = 1, bf16 = 2 };

/// Bytes of a value on the wire.
template <class T>
constexpr std::size_t value_bytes(precision p) {
    return p == precision::full ? sizeof(T) : 2;
}

/// A value as a part of a 32-bit float, for counts of floats.
constexpr double floats_per_value(precision p) { return p == precision::full ? 1 : 0.5; }

namespace detail {

// The bits of a floating-point type: a sign, exponents, fractions.
template <class T>
struct float_bits {
    using type = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    static constexpr int fraction = std::numeric_limits<T>::digits - 1;
    static constexpr int bias = std::numeric_limits<T>::max_exponent - 1;
    static constexpr type infinity = static_cast<type>(2 * bias + 1) << fraction;
};

struct half_bits {
    int fraction;
    int bias;
    constexpr unsigned infinity() const { return static_cast<unsigned>(2 * bias + 1) << fraction; }
};
constexpr half_bits bits_of(precision p) { return p == precision::fp16 ? half_bits{10, 15} : half_bits{7, 127}; }

} // namespace detail

/// x in 16 bits: to nearest, ties to even; finite numbers that are too large become the largest finite number of their
/// sign. Infinities stay, and NaN stays NaN.
template <class T>
std::uint16_t to_half(T x, precision p) {
    using full = detail::float_bits<T>;
    using bits = typename full::type;
    constexpr bits one = 1;
    auto const half = detail::bits_of(p);
    auto const pattern = std::bit_cast<bits>(x);
    auto const magnitude = static_cast<bits>(pattern & (~bits{0} >> 1));
    auto const sign = static_cast<unsigned>(pattern >> (8 * sizeof(T) - 1)) << 15;
    if (magnitude >= full::infinity) {
        auto fraction = static_cast<unsigned>((magnitude - full::infinity) >> (full::fraction - half.fraction));
        if (fraction == 0 && magnitude != full::infinity) fraction = 1u << (half.fraction - 1);
        return static_cast<std::uint16_t>(sign | half.infinity() | fraction);
    }
    auto mantissa = static_cast<bits>(magnitude & ((one << full::fraction) - 1));
    int exponent = static_cast<int>(magnitude >> full::fraction) - full::bias;
    if (exponent == -full::bias)
        ++exponent; // subnormal
    else
        mantissa |= one << full::fraction;

    int const smallest = 1 - half.bias; // exponent of a normal number
    int const dropped = full::fraction - half.fraction + (exponent < smallest ? smallest - exponent : 0);
    if (dropped > full::fraction + 1) return static_cast<std::uint16_t>(sign);
    auto result = static_cast<bits>(mantissa >> dropped);
    auto const rest = static_cast<bits>(mantissa & ((one << dropped) - 1));
    auto const tie = static_cast<bits>(one << (dropped - 1));
    if (rest > tie || (rest == tie && result % 2 == 1)) ++result;
    if (exponent > smallest) result += static_cast<bits>(exponent - smallest) << half.fraction;
    if (result >= half.infinity()) result = half.infinity() - 1;
    return static_cast<std::uint16_t>(sign | static_cast<unsigned>(result));
}

/// The number that 16 bits stand for, exactly.
template <class T>
T from_half(std::uint16_t h, precision p) {
    using full = detail::float_bits<T>;
    using bits = typename full::type;
    auto const half = detail::bits_of(p);
    auto const magnitude = static_cast<bits>(h & 0x7fffu);
    auto const sign = static_cast<bits>(h >> 15) << (8 * sizeof(T) - 1);
    auto result = static_cast<bits>(magnitude << (full::fraction - half.fraction));
    if (half.bias != full::bias) {
        if (magnitude >= half.infinity())
            result |= full::infinity;
        else if (magnitude >> half.fraction != 0)
            result += static_cast<bits>(full::bias - half.bias) << full::fraction;
        else // subnormal
            result = std::bit_cast<bits>(static_cast<T>(magnitude) * (p == precision::fp16 ? T(0x1p-24) : T(0x1p-133)));
    }
    return std::bit_cast<T>(static_cast<bits>(sign | result));
}

/// Makes x a number that travels unchanged, and returns what that took from it: x before - x after.
template <class T>
T round_to(precision p, T& x) {
    if (p == precision::full) return T(0);
    auto const before = x;
    x = from_half<T>(to_half(before, p), p);
    return before == x ? T(0) : before - x;
}

template <class T>
void put_values(writer& out, std::span<T const> values, precision p) {
    if (p == precision::full) return out.put_all(values);
    for (auto const x : values) out.put(to_half(x, p));
}
/// Throws decode_error if fewer values follow.
template <class T>
void get_values(reader& in, std::span<T> values, precision p) {
    if (p == precision::full) return in.get_all(values);
    in.require(values.size(), sizeof(std::uint16_t));
    for (auto& x : values) x = from_half<T>(in.get<std::uint16_t>(), p);
}

} // namespace terse::wire
