// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <span>

#include <terse/backend/cpu.hpp>
#include <terse/random.hpp>

namespace terse {

/// indices.size() = k distinct numbers below d, ascending, every set of k equally likely: the first k distinct values
/// of a stream of uniform draws (of d - k values, and then all others, when k is more than half of d). It needs d/8
/// bytes of host memory.
inline void random_support(random_stream const& random, std::size_t d, view<cpu, index_t> indices,
                           scratch<cpu>& temporary) {
    scratch<cpu>::scope const scope(temporary);
    auto const words = temporary.template take<std::uint64_t>((d + 63) / 64);
    std::fill(words.begin(), words.end(), std::uint64_t{0});
    bool const inverted = indices.size() > d / 2;
    std::uint64_t draw = 0;
    for (auto left = inverted ? d - indices.size() : indices.size(); left > 0;) {
        auto const i = random.below(draw++, d);
        auto const bit = std::uint64_t{1} << (i & 63);
        if ((words[i >> 6] & bit) != 0) continue;
        words[i >> 6] |= bit;
        --left;
    }
    std::size_t n = 0;
    for (std::size_t w = 0; w < words.size(); ++w) {
        auto word = inverted ? ~words[w] : words[w];
        for (; word != 0 && n < indices.size(); word &= word - 1)
            indices[n++] = 64 * w + static_cast<std::size_t>(std::countr_zero(word));
    }
}

/// The same numbers in the memory of another backend.
template <class B>
    requires(!std::same_as<B, cpu>)
void random_support(random_stream const& random, std::size_t d, view<B, index_t> indices, scratch<B>&) {
    scratch<cpu> temporary;
    buffer<cpu, index_t> host(indices.size());
    random_support(random, d, view<cpu, index_t>(host), temporary);
    B::upload(std::span<index_t const>(host.data(), host.size()), indices);
}

} // namespace terse
