// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <terse/backend/fixed_order.hpp>
#include <terse/backend/magnitude.hpp>

namespace terse {

/// x less its scaled signs: x_i - scale where x_i >= 0, otherwise x_i + scale.
template <class T>
T less_scaled_sign(T x, T scale) {
    return x + (x >= 0 ? -scale : scale);
}

/// A vector v that exists only while it is read: v = b e + a (x - scale sign(x)), which replaces e.
template <class T>
struct resumed {
    using scalar = T;
    static constexpr bool writes = true;

    T a;
    T const* x;
    T scale;
    T b;
    T* e;

    bool scaled() const { return a != T(1) || b != T(1); }

    T operator()(std::size_t i) const { return b * e[i] + a * less_scaled_sign(x[i], scale); }
};

} // namespace terse

namespace terse::portable {

/// Bit i of the result is 1 where p[i] >= 0, for i < 64.
template <class T>
std::uint64_t sign_word(T const* p) {
    std::uint64_t word = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::uint8_t flags[64];
        for (std::size_t i = 0; i < 64; ++i) flags[i] = p[i] >= 0 ? 1 : 0;
        for (std::size_t byte = 0; byte < 8; ++byte) {
            std::uint64_t eight = 0;
            std::memcpy(&eight, flags + 8 * byte, 8);
            word |= (eight * 0x0102040810204080u >> 56) << (8 * byte); // the product moves flag i to bit 56 + i
        }
    } else {
        for (std::size_t i = 0; i < 64; ++i) word |= std::uint64_t{p[i] >= 0} << i;
    }
    return word;
}

/// The signs of numbers begin, .., n - 1 of the source, counted from `first`, and the lanes of the sum of their
/// magnitudes; begin is a multiple of 64.
template <class Source>
void collect_signs(Source const& source, std::size_t first, std::size_t begin, std::size_t n, std::uint64_t* words,
                   double* lane) {
    typename Source::scalar v[64];
    for (; begin + 64 <= n; begin += 64) {
        for (std::size_t j = 0; j < 64; ++j) v[j] = source(first + begin + j);
        for (std::size_t j = 0; j < 64; ++j) lane[j % 16] += std::fabs(static_cast<double>(v[j]));
        words[begin / 64] = sign_word(v);
        if constexpr (Source::writes) std::memcpy(source.e + first + begin, v, sizeof v);
    }
    if (begin == n) return;
    std::uint64_t word = 0;
    for (std::size_t j = 0; begin + j < n; ++j) {
        auto const x = source(first + begin + j);
        lane[j % fixed_order::lanes] += std::fabs(static_cast<double>(x));
        word |= std::uint64_t{x >= 0} << j;
        if constexpr (Source::writes) source.e[first + begin + j] = x;
    }
    words[begin / 64] = word;
}

// For every four bits what turns the sign of a number over where the bit is 0.
template <class T>
inline constexpr auto sign_flips = [] {
    std::array<std::array<magnitude_t<T>, 4>, 16> table{};
    for (std::size_t bits = 0; bits < 16; ++bits)
        for (std::size_t i = 0; i < 4; ++i) table[bits][i] = (bits >> i & 1) != 0 ? 0 : ~largest_magnitude<T>;
    return table;
}();

/// y_i += a where the bit is 1, y_i -= a where it is 0, from `begin` on, a multiple of 64.
template <class T>
void add_signs(T a, std::uint64_t const* words, T* y, std::size_t begin, std::size_t n) {
    auto const magnitude_and_sign = std::bit_cast<magnitude_t<T>>(a);
    for (; begin + 4 <= n; begin += 4) {
        auto const& flips = sign_flips<T>[words[begin / 64] >> begin % 64 & 15];
        T* const to = y + begin;
        for (std::size_t i = 0; i < 4; ++i)
            to[i] += std::bit_cast<T>(static_cast<magnitude_t<T>>(magnitude_and_sign ^ flips[i]));
    }
    for (; begin < n; ++begin) y[begin] += (words[begin / 64] >> begin % 64 & 1) != 0 ? a : -a;
}

} // namespace terse::portable
