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

/// Sixteen random bits for each coordinate, as portable::draw_group() says, of four groups of 64 coordinates: by
/// themselves, because so many are a few times faster together, and what rounds in between would wait for them; and
/// four groups ahead, because so they need not be there when they are asked for.
struct group_draws {
    static constexpr std::size_t groups = 4;
    static constexpr std::size_t blocks = 8 * groups;
    static constexpr std::size_t words = 4 * blocks;
    static constexpr std::size_t stride = 16; ///< from a word of a group to its next one

    random_stream::parameters stream;
    philox_keys keys;
    std::uint64_t made = 0; ///< four times so many groups: the last four of them, and those before, if any were made
    /// Words of two times two groups: word 0 of the eight blocks of the first, of the second, word 1, ..
    alignas(64) std::array<std::uint32_t, 2 * words> room{};

    explicit group_draws(random_stream const& random) : stream(random.get_parameters()), keys(stream) {}

    std::uint32_t* of_four(std::uint64_t four) { return room.data() + four % 2 * words; }
    /// Eight words with the bits of coordinates 0 .. 7 in their lower halves and 8 .. 15 in their upper ones; `stride`
    /// words on, those of the next sixteen.
    std::uint32_t* of(std::uint64_t group) {
        return of_four(group / groups) + group % groups / 2 * (4 * stride) + group % 2 * 8;
    }
};

} // namespace terse
