// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <terse/backend/thrust/philox.cuh>
#include <terse/backend/thrust/select.cuh> // magnitude_of

namespace terse::element {

/// The power of two below or above the i-th number, see portable::to_power.
template <class T>
struct to_power {
    philox random;

    __host__ __device__ T operator()(T x, std::size_t i) const {
        constexpr int fraction = sizeof(T) == 4 ? 23 : 52;
        constexpr auto infinity = static_cast<magnitude_t<T>>(~magnitude_t<T>{0}) << (fraction + 1) >> 1;
        magnitude_t<T> bits;
        std::memcpy(&bits, &x, sizeof bits);
        auto const magnitude = magnitude_of<T>()(x);
        auto const sign = bits ^ magnitude;
        auto const rest = magnitude & ((magnitude_t<T>{1} << fraction) - 1);
        auto result = magnitude - rest;
        if (magnitude >= infinity) {
            result = infinity | (magnitude_t<T>{1} << (fraction - 1));
            std::memcpy(&x, &result, sizeof x);
            return x;
        }
        auto const draw = random(8 * (i / 64) + i % 8).word[i % 64 / 16] >> (i / 8 % 2 * 16) & 0xffff;
        auto const sum = static_cast<std::uint32_t>(rest >> (fraction - 16)) + draw;
        bool up = sum > 0xffff;
        if (sum == 0xffff) {
            auto const after = static_cast<double>(rest & ((magnitude_t<T>{1} << (fraction - 16)) - 1)) *
                               (sizeof(T) == 4 ? 0x1p-7 : 0x1p-36);
            up = random(std::uint64_t{1} << 63 | i >> 2).word[i & 3] * 0x1p-32 < after;
        }
        auto const above = result + (magnitude_t<T>{1} << fraction);
        if (up && above < infinity) result = above;
        result |= sign;
        std::memcpy(&x, &result, sizeof x);
        return x;
    }
};

} // namespace terse::element
