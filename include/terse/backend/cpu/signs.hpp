// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <terse/backend/cpu/reduce.hpp>
#include <terse/backend/magnitude.hpp>
#include <terse/backend/view.hpp>

namespace terse {

namespace detail {

// Bit i of the result is 1 where p[i] >= 0, for n <= 64 numbers.
template <class T>
std::uint64_t sign_word(T const* p, std::size_t n) {
    std::uint64_t word = 0;
    if (n == 64 && std::endian::native == std::endian::little) {
        std::uint8_t flags[64];
        for (std::size_t i = 0; i < 64; ++i) flags[i] = p[i] >= 0 ? 1 : 0;
        for (std::size_t byte = 0; byte < 8; ++byte) {
            std::uint64_t eight = 0;
            std::memcpy(&eight, flags + 8 * byte, 8);
            word |= (eight * 0x0102040810204080u >> 56) << (8 * byte); // the product moves flag i to bit 56 + i
        }
        return word;
    }
    for (std::size_t i = 0; i < n; ++i) word |= std::uint64_t{p[i] >= 0} << i;
    return word;
}

// For every four bits what turns the sign of a number over where the bit is 0.
template <class T>
inline constexpr auto sign_flips = [] {
    std::array<std::array<magnitude_t<T>, 4>, 16> table{};
    for (std::size_t bits = 0; bits < 16; ++bits)
        for (std::size_t i = 0; i < 4; ++i) table[bits][i] = (bits >> i & 1) != 0 ? 0 : ~(~magnitude_t<T>{0} >> 1);
    return table;
}();

} // namespace detail

/// Bit i of the words is 1 where x_i >= 0.
template <class T>
void pack_signs(view<cpu, T const> x, view<cpu, std::uint64_t> words) {
    for (std::size_t w = 0; w < words.size(); ++w)
        words[w] = detail::sign_word(x.data() + 64 * w, std::min<std::size_t>(64, x.size() - 64 * w));
}

/// y_i += a where bit i of the words is 1, y_i -= a where it is 0.
template <class T>
void add_signs(T a, view<cpu, std::uint64_t const> words, view<cpu, T> y) {
    auto const magnitude_and_sign = std::bit_cast<magnitude_t<T>>(a);
    auto const whole = y.size() / 4 * 4;
    for (std::size_t begin = 0; begin < whole; begin += 4) {
        auto const& flips = detail::sign_flips<T>[words[begin / 64] >> begin % 64 & 15];
        T* const to = y.data() + begin;
        for (std::size_t i = 0; i < 4; ++i)
            to[i] += std::bit_cast<T>(static_cast<magnitude_t<T>>(magnitude_and_sign ^ flips[i]));
    }
    for (auto i = whole; i < y.size(); ++i) y[i] += (words[i / 64] >> i % 64 & 1) != 0 ? a : -a;
}

/// e <- b e + a g, the signs of the result, and the sum of its magnitudes in the fixed order; block by block, so that
/// memory is read once.
template <class T>
double accumulate_signs(T a, view<cpu, T const> g, T b, view<cpu, T> e, view<cpu, std::uint64_t> words) {
    double sum = 0;
    for (std::size_t begin = 0; begin < e.size(); begin += fixed_order::block) {
        auto const n = std::min<std::size_t>(fixed_order::block, e.size() - begin);
        T* __restrict__ const v = e.data() + begin;
        T const* __restrict__ const add = g.data() + begin;
        for (std::size_t i = 0; i < n; ++i) v[i] = b * v[i] + a * add[i];
        sum += fixed_order_sum(n, [v](std::size_t i) { return std::fabs(static_cast<double>(v[i])); });
        pack_signs<T>(view<cpu, T const>(v, n), words.part(begin / 64, (n + 63) / 64));
    }
    return sum;
}

} // namespace terse
