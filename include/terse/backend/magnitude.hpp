// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace terse {

/// |x| as an unsigned integer: the same order as |x| on finite numbers, total on all of them (infinity, then NaN,
/// above), and +0 = -0.
template <class T>
using magnitude_t = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

template <class T>
inline constexpr magnitude_t<T> largest_magnitude = ~magnitude_t<T>{0} >> 1;

template <class T>
constexpr magnitude_t<T> magnitude(T x) {
    return std::bit_cast<magnitude_t<T>>(x) & largest_magnitude<T>;
}
template <class T>
constexpr T from_magnitude(magnitude_t<T> bits) {
    return std::bit_cast<T>(bits);
}
/// The magnitude of infinity: the first that is not finite.
template <class T>
inline constexpr auto not_finite = magnitude<std::remove_const_t<T>>(std::numeric_limits<T>::infinity());

} // namespace terse
