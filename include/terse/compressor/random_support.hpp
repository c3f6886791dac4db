// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstdint>
#include <vector>

#include <terse/backend/cpu/draw_support.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/random.hpp>

namespace terse {

/// indices.size() = k distinct numbers below d, ascending, every set of k equally likely: the first k distinct values
/// of a stream of uniform draws (of d - k values, and then all others, when k is more than half of d). They are drawn
/// on the host, with d/8 bytes of memory, and uploaded where they are to live elsewhere.
template <class B>
void random_support(random_stream const& random, std::size_t d, view<B, index_t> indices, scratch<B>& temporary) {
    auto const words = (d + 63) / 64;
    if constexpr (std::same_as<B, cpu>) {
        typename scratch<B>::scope const scope(temporary);
        draw_support(random, d, temporary.template take<std::uint64_t>(words), indices);
    } else {
        std::vector<std::uint64_t> bitmap(words);
        std::vector<index_t> drawn(indices.size());
        draw_support(random, d, bitmap, drawn);
        B::upload(drawn, indices);
    }
}

} // namespace terse
