// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cpu/draws_below.hpp>
#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/view.hpp>
#include <terse/random.hpp>

namespace terse {

namespace detail {

// The places of the bits that are set, or of those that are not, as many as there is room for.
[[gnu::always_inline]] inline void list_bits_of(std::span<std::uint64_t const> words, bool inverted,
                                                std::span<index_t> indices) {
    constexpr std::size_t step = 4; // written whether they are there or not: how many are is hard to predict
    constexpr auto found = std::uint64_t{1} << 63; // when there is none left
    bool const rare = indices.size() < words.size() / 8;
    std::size_t n = 0;
    for (std::size_t w = 0; w < words.size(); ++w) {
        auto word = inverted ? ~words[w] : words[w];
        if (rare && word == 0) continue;
        auto const end = n + static_cast<std::size_t>(std::popcount(word));
        if (end + step > indices.size()) {
            for (; word != 0 && n < indices.size(); word &= word - 1)
                indices[n++] = 64 * w + static_cast<std::size_t>(std::countr_zero(word));
            continue;
        }
        for (; n < end; n += step)
            for (std::size_t j = 0; j < step; ++j, word &= word - 1)
                indices[n + j] = 64 * w + static_cast<std::size_t>(std::countr_zero(word | found));
        n = end;
    }
}
#if defined(__x86_64__)
[[gnu::target("popcnt")]] inline void list_bits_popcnt(std::span<std::uint64_t const> words, bool inverted,
                                                       std::span<index_t> indices) {
    list_bits_of(words, inverted, indices);
}
#endif
inline void list_bits(std::span<std::uint64_t const> words, bool inverted, std::span<index_t> indices) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("popcnt")) return list_bits_popcnt(words, inverted, indices);
#endif
    list_bits_of(words, inverted, indices);
}

} // namespace detail

/// indices.size() = k distinct numbers below d, ascending: the first k distinct values of random.below(0, d),
/// random.below(1, d), ..; if k is more than d / 2, all but the first d - k of them. `words` is room for d bits.
inline void draw_support(random_stream const& random, std::size_t d, std::span<std::uint64_t> words,
                         std::span<index_t> indices, instruction_set form = best_instruction_set()) {
    std::fill(words.begin(), words.end(), std::uint64_t{0});
    bool const inverted = indices.size() > d / 2;
    draws_below draws(random, d, form);
    for (auto left = inverted ? d - indices.size() : indices.size(); left > 0;) {
        auto const drawn = draws.next(left); // never more than are missing
        for (auto const i : drawn) __builtin_prefetch(&words[i >> 6], 1);
        for (auto const i : drawn) {
            auto& word = words[i >> 6];
            auto const bit = std::uint64_t{1} << (i & 63);
            left -= (word & bit) == 0 ? 1 : 0;
            word |= bit;
        }
    }
    detail::list_bits(words, inverted, indices);
}

} // namespace terse
