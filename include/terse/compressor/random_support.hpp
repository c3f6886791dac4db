// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <span>
#include <vector>

#include <terse/backend/scratch.hpp>
#include <terse/random.hpp>

namespace terse {

namespace detail {

// `words` is a bitmap of d bits for the draws.
inline void draw_support(random_stream const& random, std::size_t d, std::span<std::uint64_t> words,
                         std::span<index_t> indices) {
    std::fill(words.begin(), words.end(), std::uint64_t{0});
    bool const inverted = indices.size() > d / 2;
    constexpr std::size_t batch = 64; // draws whose words are asked for at the same time; never more than are missing
    std::array<std::uint64_t, batch> drawn{};
    std::uint64_t draw = 0;
    for (auto left = inverted ? d - indices.size() : indices.size(); left > 0;) {
        auto const n = std::min(batch, left);
        for (std::size_t j = 0; j < n; ++j) {
            drawn[j] = random.below(draw++, d);
            __builtin_prefetch(&words[drawn[j] >> 6], 1);
        }
        for (std::size_t j = 0; j < n; ++j) {
            auto& word = words[drawn[j] >> 6];
            auto const bit = std::uint64_t{1} << (drawn[j] & 63);
            left -= (word & bit) == 0 ? 1 : 0;
            word |= bit;
        }
    }
    std::size_t n = 0;
    for (std::size_t w = 0; w < words.size(); ++w) {
        auto word = inverted ? ~words[w] : words[w];
        for (; word != 0 && n < indices.size(); word &= word - 1)
            indices[n++] = 64 * w + static_cast<std::size_t>(std::countr_zero(word));
    }
}

} // namespace detail

/// indices.size() = k distinct numbers below d, ascending, every set of k equally likely: the first k distinct values
/// of a stream of uniform draws (of d - k values, and then all others, when k is more than half of d). They are drawn
/// on the host, with d/8 bytes of memory, and uploaded where they are to live elsewhere.
template <class B>
void random_support(random_stream const& random, std::size_t d, view<B, index_t> indices, scratch<B>& temporary) {
    auto const words = (d + 63) / 64;
    if constexpr (std::same_as<B, cpu>) {
        typename scratch<B>::scope const scope(temporary);
        detail::draw_support(random, d, temporary.template take<std::uint64_t>(words), indices);
    } else {
        std::vector<std::uint64_t> bitmap(words);
        std::vector<index_t> drawn(indices.size());
        detail::draw_support(random, d, bitmap, drawn);
        B::upload(drawn, indices);
    }
}

} // namespace terse
