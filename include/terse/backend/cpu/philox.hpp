// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <terse/random.hpp>

namespace terse {

/// The keys of the ten rounds of Philox, for those who make many blocks of a stream.
struct philox_keys {
    std::array<std::uint64_t, 10> first{}, second{}; ///< below 2^32, and as wide as the products

    explicit philox_keys(random_stream::parameters const& p) {
        auto k0 = p.key0, k1 = p.key1;
        for (std::size_t i = 0; i < 10; ++i, k0 += 0x9E3779B9, k1 += 0xBB67AE85) {
            first[i] = k0;
            second[i] = k1;
        }
    }
};

/// How the blocks of a stream lie that are made together, because so many are a few times faster so: two halves of
/// sixteen blocks; in each, word 0 of all sixteen, then word 1, ..
struct philox_batch {
    static constexpr std::size_t blocks = 32;
    static constexpr std::size_t words = 4 * blocks;
    static constexpr std::size_t stride = 16; ///< from a word of a block to its next one

    /// Word 0 of a block.
    static constexpr std::size_t at(std::size_t block) { return block / 16 * (4 * stride) + block % 16; }
};

} // namespace terse
