// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <terse/backend/cpu/group_draws.hpp>
#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/levels.hpp>
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

namespace detail {

// y_i = to_power(x_i) for coordinates begin .. end - 1, begin a multiple of 64.
template <class T>
void round_to_powers(T const* x, std::size_t begin, std::size_t end, T* y, random_stream const& random) {
    for (; begin < end; begin += level_group) {
        auto const draws = portable::draw_group(random, begin / level_group);
        for (auto i = begin; i < std::min(end, begin + level_group); ++i)
            y[i] = to_power(x[i], draws[i - begin], [&] { return portable::draw_more(random, i); });
    }
}

// The same for a group with the draws of group_draws, without branches; returns false, and has done nothing, if they do
// not decide.
template <class T>
[[gnu::always_inline]] inline bool group_to_powers(T const* x, std::uint32_t const* draws, T* y) {
    using number = magnitude_t<T>;
    constexpr int fraction = std::numeric_limits<T>::digits - 1;
    constexpr auto step = static_cast<number>(number{1} << fraction);
    constexpr auto nan = std::bit_cast<number>(std::numeric_limits<T>::quiet_NaN());
    number bits[level_group], out[level_group], draw[level_group];
    std::memcpy(bits, x, sizeof bits);
    for (std::size_t w = 0; w < 4; ++w)
        for (std::size_t j = 0; j < 8; ++j) {
            auto const both = draws[w * philox_batch::stride + j];
            draw[16 * w + j] = both & 0xffff;
            draw[16 * w + 8 + j] = both >> 16;
        }
    number undecided = 0;
    for (std::size_t j = 0; j < level_group; ++j) {
        auto const size = static_cast<number>(bits[j] & largest_magnitude<T>);
        auto const rest = static_cast<number>(size & (step - 1));
        auto const sum = static_cast<number>((rest >> (fraction - 16)) + draw[j]);
        auto const below = static_cast<number>(size - rest);
        auto const rounded = static_cast<number>(below + (sum >> 16) * step);
        auto const finite = rounded < not_finite<T> ? rounded : below;
        auto const sign = static_cast<number>(bits[j] & ~largest_magnitude<T>);
        out[j] = size < not_finite<T> ? static_cast<number>(finite | sign) : nan;
        undecided |= static_cast<number>(sum == 0xffff);
    }
    if (undecided != 0) return false;
    std::memcpy(y, out, sizeof out);
    return true;
}

} // namespace detail

} // namespace terse

#if defined(__x86_64__)
#define TERSE_FORM avx2
#define TERSE_TARGET [[gnu::target("avx2,popcnt")]]
#include <terse/backend/cpu/powers_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET

#define TERSE_FORM avx512
#define TERSE_TARGET [[gnu::target("avx512f,avx512vl,avx512bw,avx512dq,popcnt")]]
#include <terse/backend/cpu/powers_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET
#endif

namespace terse {

/// y_i = to_power(x_i)
template <class T>
void round_to_powers(view<cpu, T const> x, view<cpu, T> y, random_stream const& random,
                     [[maybe_unused]] instruction_set form = best_instruction_set()) {
    std::size_t begin = 0;
#if defined(__x86_64__)
    if (form == instruction_set::avx512) begin = avx512::round_to_powers(x.data(), x.size(), y.data(), random);
    if (form == instruction_set::avx2) begin = avx2::round_to_powers(x.data(), x.size(), y.data(), random);
#endif
    detail::round_to_powers(x.data(), begin, x.size(), y.data(), random);
}

} // namespace terse
