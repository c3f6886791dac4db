// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <terse/backend/cpu/levels_portable.hpp>
#include <terse/backend/magnitude.hpp>
#include <terse/backend/view.hpp>
#include <terse/random.hpp>

namespace terse {

/// The power of two below x, or, with the probability of the bits after the leading one, the one above. What is not
/// finite becomes NaN.
template <class T, class More>
T to_power(T x, std::uint32_t draw, More more) {
    constexpr int fraction = std::numeric_limits<T>::digits - 1;
    constexpr magnitude_t<T> one = 1;
    auto const size = magnitude(x);
    if (size >= not_finite<T>) return std::numeric_limits<T>::quiet_NaN();
    auto const rest = static_cast<magnitude_t<T>>(size & ((one << fraction) - 1));
    auto result = static_cast<magnitude_t<T>>(size - rest);
    auto const sum = static_cast<std::uint32_t>(rest >> (fraction - 16)) + draw;
    bool up = sum > 0xffff;
    if (sum == 0xffff) { // sixteen bits do not decide
        auto const after = static_cast<magnitude_t<T>>(rest & ((one << (fraction - 16)) - 1));
        up = more() < static_cast<double>(after) / static_cast<double>(one << (fraction - 16));
    }
    if (auto const above = static_cast<magnitude_t<T>>(result + (one << fraction)); up && above < not_finite<T>)
        result = above;
    auto const sign = std::bit_cast<magnitude_t<T>>(x) & ~largest_magnitude<T>;
    return std::bit_cast<T>(static_cast<magnitude_t<T>>(result | sign));
}

/// y_i = to_power(x_i)
template <class T>
void round_to_powers(view<cpu, T const> x, view<cpu, T> y, random_stream const& random) {
    for (std::size_t begin = 0; begin < x.size(); begin += level_group) {
        auto const draws = portable::draw_group(random, begin / level_group);
        auto const end = std::min(x.size(), begin + level_group);
        for (auto i = begin; i < end; ++i)
            y[i] = to_power(x[i], draws[i - begin], [&] { return portable::draw_more(random, i); });
    }
}

} // namespace terse
