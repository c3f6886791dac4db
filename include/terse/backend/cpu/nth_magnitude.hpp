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

/// Moves low and last inwards to the least and the largest magnitude of x that lie between them, as some do: of runs of
/// equal numbers nothing else is left.
template <class T>
void narrow(view<cpu, T const> x, magnitude_t<T>& low, magnitude_t<T>& last) {
    // Distances of what lies outside wrap around and are larger.
    auto from_low = static_cast<magnitude_t<T>>(last - low);
    auto from_last = from_low;
    for (auto const v : x) {
        from_low = std::min(from_low, static_cast<magnitude_t<T>>(magnitude(v) - low));
        from_last = std::min(from_last, static_cast<magnitude_t<T>>(last - magnitude(v)));
    }
    low += from_low;
    last -= from_last;
}

/// The n-th largest magnitude of those in `x` that lie in low .. last; n starts at 1 and there are that many. Reads x
/// a few times whatever is in it: counts in equal bins, again in the bin that holds the answer, and sorts when few are
/// left.
template <class T>
ranked_magnitude<T> nth_magnitude(view<cpu, T const> x, std::size_t n, magnitude_t<T> low = 0,
                                  magnitude_t<T> last = largest_magnitude<T>) {
    constexpr std::size_t few = 256;
    constexpr std::size_t most_bins = 2048;
    int const bin_bits = x.size() < 65536 ? 8 : 11;
    auto const bins = std::size_t{1} << bin_bits;
    std::array<std::array<std::size_t, most_bins + 1>, 2> counts; // two, for runs of equal numbers
    std::size_t above = 0;
    auto inside = x.size(); // or fewer
    magnitude_t<T> most = 0;
    for (auto const v : x) most = std::max(most, magnitude(v));
    last = std::min(last, most);
    while (inside > few && low < last) {
        // Bins from the largest magnitude downwards. What lies below the window may be counted in the last one.
        int const shift = std::max(0, static_cast<int>(std::bit_width(last - low)) - bin_bits);
        for (auto& table : counts) std::fill_n(table.begin(), bins + 1, std::size_t{0});
        for (std::size_t i = 0; i < x.size(); ++i) {
            auto const bin = static_cast<magnitude_t<T>>(last - magnitude(x[i])) >> shift;
            ++counts[i & 1][std::min<std::size_t>(bin, bins)];
        }
        std::size_t bin = 0;
        for (;; ++bin) {
            inside = counts[0][bin] + counts[1][bin];
            if (above + inside >= n) break;
            above += inside;
        }
        last -= static_cast<magnitude_t<T>>(bin) << shift;
        auto const width = static_cast<magnitude_t<T>>((magnitude_t<T>{1} << shift) - 1);
        if (last - low > width) low = last - width;
        if (inside > few) narrow<T>(x, low, last);
    }
    if (low == last) return {low, above};
    std::array<magnitude_t<T>, few + 1> keys{};
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
