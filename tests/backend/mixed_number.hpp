// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <limits>

/// Small numbers with many ties, zeros of both signs, denormals, and now and then an infinity or a NaN.
template <class T>
T mixed_number(std::uint64_t bits) {
    T const sign = (bits & 1) != 0 ? T(-1) : T(1);
    switch (bits >> 1 & 31) {
    case 0:
        return sign * T(0);
    case 1:
        return sign * std::numeric_limits<T>::denorm_min() * static_cast<T>(bits >> 8 & 3);
    case 2:
        return (bits >> 8 & 15) != 0 ? sign : sign * std::numeric_limits<T>::infinity();
    case 3:
        return (bits >> 8 & 15) != 0 ? sign : std::numeric_limits<T>::quiet_NaN();
    default:
        return sign * static_cast<T>(bits >> 8 & 31) / 4;
    }
}
