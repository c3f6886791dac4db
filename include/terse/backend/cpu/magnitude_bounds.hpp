// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <terse/backend/cpu/nth_by_counting.hpp>
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
    double reached;        ///< about which share of the vector is at least `low`
};

/// Bounds from a sample of whole cache lines, one in each of many equal parts of v = source(0), .., source(d - 1), at
/// places that `random` chooses; d >= 1024, 1 <= k <= d.
template <class T, class Source>
magnitude_bounds<T> estimate_bounds(Source const& source, std::size_t d, std::size_t k, random_stream const& random,
                                    scratch<cpu>& temporary, top_k_kernels kernels = {best_instruction_set()}) {
    constexpr std::size_t line = 64 / sizeof(T);
    constexpr double deviations = 3;
    auto const share = static_cast<double>(k) / static_cast<double>(d);
    // As large as makes the sample about as costly as the candidates between the bounds.
    auto const wanted = std::pow(4 * std::sqrt(share) * static_cast<double>(d), 2.0 / 3) / line;
    std::size_t const least =
        kernels.form == instruction_set::portable ? 1024 : 256; // one by one, candidates cost more
    auto const lines = std::clamp(static_cast<std::size_t>(wanted), least / line, d / line);
    auto const n = lines * line;
    auto const sample = temporary.template take<T>(n + candidate_slack).part(0, n);
    auto const whole_lines = d / line;
    auto const part = static_cast<double>(whole_lines) / static_cast<double>(lines);
    auto jitter = random.uniform(0);
    for (std::size_t l = 0; l < lines; ++l) {
        auto const at = line * static_cast<std::size_t>((static_cast<double>(l) + jitter) * part);
        for (std::size_t j = 0; j < line; ++j) sample[l * line + j] = source(at + j);
        jitter += 0.6180339887498949; // the golden ratio spreads them evenly
        if (jitter >= 1) jitter -= 1;
    }

    auto const expected = static_cast<double>(n) * share;
    auto const spread = deviations * std::sqrt(expected * (1 - share)) + deviations;
    auto const low = static_cast<std::size_t>(expected + spread);
    constexpr auto most = largest_magnitude<T>;
    if (low >= n) return {0, 0, most, false, 1};
    auto const room = temporary.template take<T>(n + candidate_slack).data();
    auto const at_low = nth_by_counting<T>(sample, low + 1, 0, most, room, kernels).magnitude;
    view<cpu, T const> const kept(room, kernels.template copy_between<T>(sample, at_low, most, room));
    auto const nth = [&](std::size_t rank) {
        return nth_by_counting<T>(kept, rank + 1, at_low, most, sample.data(), kernels).magnitude;
    };
    auto const high = static_cast<std::size_t>(std::max(0.0, expected - spread));
    return {at_low, nth(static_cast<std::size_t>(expected)), high > 0 ? nth(high) : most, kept.size() > 2 * low + 16,
            static_cast<double>(kept.size()) / static_cast<double>(n)};
}

/// Bounds from the k values that were the largest of a similar vector; none of it, low = 0, if the last of them is zero
/// or not finite.
template <class T>
magnitude_bounds<T> carried_bounds(view<cpu, T const> last, std::size_t d) {
    auto least = largest_magnitude<T>;
    for (auto const x : last) least = std::min(least, magnitude(x));
    auto const kth = from_magnitude<T>(least);
    auto const share = static_cast<double>(last.size()) / static_cast<double>(d);
    // From one round to the next it moves by less, but for jumps of the learning rate.
    constexpr T slack = T(1) / 32;
    if (least == 0 || least >= not_finite<T>) return {0, 0, largest_magnitude<T>, false, 1};
    return {magnitude(kth - slack * kth), least, magnitude(kth + slack * kth), false, share};
}

} // namespace terse
