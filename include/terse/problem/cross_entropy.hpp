// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace terse {

/// -log softmax(z)_label = log sum_c exp z_c - z_label, for one example's logits. Logits of any size do not overflow.
template <class T>
double cross_entropy(std::span<T const> z, std::uint32_t label) {
    auto const most = static_cast<double>(*std::max_element(z.begin(), z.end()));
    double total = 0;
    for (T const v : z) total += std::exp(static_cast<double>(v) - most);
    return std::log(total) + (most - static_cast<double>(z[label]));
}

/// slope = weight (softmax(z) - [c = label]): weight times the gradient of cross_entropy in z.
template <class T>
void cross_entropy_slope(std::span<T const> z, std::uint32_t label, T weight, std::span<T> slope) {
    T const most = *std::max_element(z.begin(), z.end());
    T total = 0;
    for (std::size_t c = 0; c < z.size(); ++c) total += slope[c] = std::exp(z[c] - most);
    for (T& s : slope) s *= weight / total;
    slope[label] -= weight;
}

/// The class with the largest logit; of equal ones the lowest.
template <class T>
std::uint32_t predicted_class(std::span<T const> z) {
    return static_cast<std::uint32_t>(std::max_element(z.begin(), z.end()) - z.begin());
}

} // namespace terse
