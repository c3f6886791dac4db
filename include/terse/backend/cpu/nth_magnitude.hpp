// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <functional>

#include <terse/backend/magnitude.hpp>
#include <terse/backend/view.hpp>

namespace terse {

/// A magnitude of some rank, and how many are larger.
template <class T>
struct ranked_magnitude {
    magnitude_t<T> magnitude;
    std::size_t above;
};

/// The n-th largest magnitude of those in `x` that lie in low .. last; n starts at 1 and there are that many. Reads x
/// a few times whatever is in it: counts in equal bins, again in the bin that holds the answer, and sorts when
/// few are left.
template <class T>
ranked_magnitude<T> nth_magnitude(view<cpu, T const> x, std::size_t n, magnitude_t<T> low = 0,
                                  magnitude_t<T> last = largest_magnitude<T>) {
    constexpr std::size_t few = 256;
    int const bin_bits = x.size() < 65536 ? 8 : 11;
    magnitude_t<T> most = 0;
    for (auto const v : x) most = std::max(most, magnitude(v));
    last = std::min(last, most);
    std::array<std::array<std::size_t, 2048>, 2> counts; // two, for runs of equal numbers
    std::size_t above = 0;
    auto inside = x.size();
    while (inside > few && low < last) {
        auto const width = last - low;
        int const shift = std::max(0, static_cast<int>(std::bit_width(width)) - bin_bits);
        for (auto& table : counts) std::fill_n(table.begin(), std::size_t{1} << bin_bits, std::size_t{0});
        for (std::size_t i = 0; i < x.size(); ++i)
            if (auto const m = static_cast<magnitude_t<T>>(magnitude(x[i]) - low); m <= width)
                ++counts[i & 1][m >> shift];
        auto bin = static_cast<std::size_t>(width >> shift);
        for (;; --bin) {
            inside = counts[0][bin] + counts[1][bin];
            if (above + inside >= n) break;
            above += inside;
        }
        low += static_cast<magnitude_t<T>>(bin) << shift;
        last = std::min(last, static_cast<magnitude_t<T>>(low + ((magnitude_t<T>{1} << shift) - 1)));
    }
    if (low == last) return {low, above};
    std::array<magnitude_t<T>, few + 1> keys;
    std::size_t found = 0;
    for (auto const v : x) {
        keys[found] = magnitude(v);
        found += static_cast<magnitude_t<T>>(keys[found] - low) <= last - low ? 1 : 0;
    }
    auto* const nth = keys.begin() + (n - above - 1);
    std::nth_element(keys.begin(), nth, keys.begin() + found, std::greater<>());
    return {*nth, above + static_cast<std::size_t>(std::count_if(keys.begin(), nth, [&](auto m) { return m > *nth; }))};
}

} // namespace terse
