// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

#include <terse/backend/magnitude.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/random.hpp>

namespace terse {

/// Guesses about the k-th largest magnitude of a vector.
template <class T>
struct magnitude_bounds {
    magnitude_t<T> low;    ///< almost surely not above it
    magnitude_t<T> middle; ///< near it
    magnitude_t<T> high;   ///< almost surely not below it
    bool ties;             ///< whether many magnitudes are equal to `low`
};

/// Moves the rank + 1 largest keys to the front, the least of them to keys[rank], and returns all keys that are no
/// smaller than that one, and maybe some others. The rest of the keys is lost.
template <class Key>
view<cpu, Key> largest_first(view<cpu, Key> keys, std::size_t rank) {
    // A key that is a little too small is found among an eighth of them; only what reaches it is looked at again.
    constexpr std::size_t stride = 8;
    auto const part = keys.size() / stride;
    auto const expected = static_cast<double>(rank) / stride;
    auto const guess = static_cast<std::size_t>(expected + 3 * std::sqrt(expected) + 3);
    if (guess < part / 2) {
        for (std::size_t i = 0; i < part; ++i) std::swap(keys[i], keys[stride * i]);
        std::nth_element(keys.begin(), keys.begin() + guess, keys.begin() + part, std::greater<>());
        auto const pivot = keys[guess];
        auto const reach = std::count_if(keys.begin(), keys.end(), [&](Key x) { return x >= pivot; });
        if (static_cast<std::size_t>(reach) > rank) {
            std::size_t n = 0;
            for (std::size_t i = 0; i < keys.size(); ++i) {
                auto const key = keys[i];
                keys[n] = key;
                n += key >= pivot ? 1 : 0;
            }
            keys = keys.part(0, n);
        }
    }
    std::nth_element(keys.begin(), keys.begin() + rank, keys.end(), std::greater<>());
    return keys;
}

/// Bounds from a sample of whole cache lines, one in each of many equal parts of v = source(0), .., source(d - 1), at
/// places that `random` chooses; d >= 1024, 1 <= k <= d.
template <class T, class Source>
magnitude_bounds<T> estimate_bounds(Source const& source, std::size_t d, std::size_t k, random_stream const& random,
                                    scratch<cpu>& temporary) {
    constexpr std::size_t line = 64 / sizeof(T);
    constexpr double deviations = 3;
    auto const share = static_cast<double>(k) / static_cast<double>(d);
    // As large as makes the sample about as costly as the candidates between the bounds.
    auto const wanted = std::pow(4 * std::sqrt(share) * static_cast<double>(d), 2.0 / 3) / line;
    auto const lines = std::clamp(static_cast<std::size_t>(wanted), 1024 / line, d / line);
    auto const n = lines * line;
    auto const keys = temporary.template take<magnitude_t<T>>(n);
    auto const whole_lines = d / line;
    auto const part = static_cast<double>(whole_lines) / static_cast<double>(lines);
    auto jitter = random.uniform(0);
    for (std::size_t l = 0; l < lines; ++l) {
        auto const at = line * static_cast<std::size_t>((static_cast<double>(l) + jitter) * part);
        for (std::size_t j = 0; j < line; ++j) keys[l * line + j] = magnitude(source(at + j));
        jitter += 0.6180339887498949; // the golden ratio spreads them evenly
        if (jitter >= 1) jitter -= 1;
    }

    auto const expected = static_cast<double>(n) * share;
    auto const spread = deviations * std::sqrt(expected * (1 - share)) + deviations;
    auto const low = static_cast<std::size_t>(expected + spread);
    if (low >= n) return {0, 0, largest_magnitude<T>, false};
    auto const kept = largest_first(keys, low);
    auto const ties = std::count_if(kept.begin(), kept.end(), [&](auto x) { return x >= kept[low]; });
    auto const middle = static_cast<std::size_t>(expected);
    std::nth_element(kept.begin(), kept.begin() + middle, kept.begin() + low, std::greater<>());
    auto const high = static_cast<std::size_t>(std::max(0.0, expected - spread));
    if (high > 0) std::nth_element(kept.begin(), kept.begin() + high, kept.begin() + middle, std::greater<>());
    return {kept[low], kept[middle], high > 0 ? kept[high] : largest_magnitude<T>,
            static_cast<std::size_t>(ties) > 2 * low + 16};
}

} // namespace terse
