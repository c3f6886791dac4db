// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/backend/cpu/draw_support.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/random.hpp>

namespace terse {

/// indices.size() = k distinct numbers below d, ascending, every set of k equally likely: the first k distinct values
/// of a stream of uniform draws (of d - k values, and then all others, when k is more than half of d). They are drawn
/// with d/8 bytes of memory, on the host where the backend has no verb for it, and uploaded then.
template <class B>
void random_support(random_stream const& random, std::size_t d, view<B, index_t> indices, scratch<B>& temporary) {
    if constexpr (requires { B::draw_support(random, d, indices, temporary); }) {
        B::draw_support(random, d, indices, temporary);
    } else {
        std::vector<std::uint64_t> words((d + 63) / 64);
        std::vector<index_t> drawn(indices.size());
        draw_support(random, d, words, drawn);
        B::upload(drawn, indices);
    }
}

} // namespace terse
