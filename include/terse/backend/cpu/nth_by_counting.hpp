// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>

#include <terse/backend/cpu/nth_magnitude.hpp>
#include <terse/backend/cpu/top_k_kernels.hpp>

namespace terse {

/// The n-th largest magnitude of x, all of which lie in low .. last; n starts at 1. For what fits into the caches: it
/// counts how many reach a guess until few are left, which takes many passes over x, but fast ones. `room` is as large
/// as x, with candidate_slack more, and may be x itself, if that may be lost.
template <class T>
ranked_magnitude<T> nth_by_counting(view<cpu, T const> x, std::size_t n, magnitude_t<T> low, magnitude_t<T> last,
                                    T* room, top_k_kernels kernels) {
    constexpr std::size_t few = 32;
    constexpr unsigned many = 16; // guesses: of different numbers few are left, equal ones are told apart by none
    std::size_t dropped = 0;      // of the largest
    std::size_t above = 0;        // how many of x are larger than `last`
    std::size_t reach = x.size(); // how many are at least `low`
    unsigned guesses = 0;
    for (bool halve = false; low < last && reach - above > few; halve = !halve) {
        if (++guesses % many == 0) {
            narrow<T>(x, low, last);
            continue;
        }
        // Where it would be if they were evenly spread; in turn, the middle.
        auto const share = halve ? 0.5 : static_cast<double>(reach - n) / static_cast<double>(reach - above);
        auto const gap = static_cast<magnitude_t<T>>(last - low);
        auto const step = static_cast<magnitude_t<T>>(share * static_cast<double>(gap));
        auto const guess = static_cast<magnitude_t<T>>(low + 1 + std::min<magnitude_t<T>>(step, gap - 1));
        auto const reached = kernels.count_at_least<T>(x, guess);
        if (reached >= n) {
            low = guess;
            reach = reached;
        } else {
            last = static_cast<magnitude_t<T>>(guess - 1);
            above = reached;
        }
        if (reach - above < x.size() / 4) {
            x = {room, kernels.copy_between<T>(x, low, last, room)};
            dropped += above;
            n -= above;
            above = 0;
            reach = x.size();
        }
    }
    if (low == last) return {low, dropped + above};
    std::array<T, few + candidate_slack> rest;
    auto const found = kernels.copy_between<T>(x, low, last, rest.data());
    std::array<magnitude_t<T>, few> keys;
    std::transform(rest.begin(), rest.begin() + found, keys.begin(), [](T v) { return magnitude(v); });
    auto* const nth = keys.begin() + (n - above - 1);
    std::nth_element(keys.begin(), nth, keys.begin() + found, std::greater<>());
    auto const larger = std::count_if(keys.begin(), nth, [&](auto m) { return m > *nth; });
    return {*nth, dropped + above + static_cast<std::size_t>(larger)};
}

} // namespace terse
