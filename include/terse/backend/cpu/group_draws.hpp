// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <terse/backend/cpu/philox.hpp>
#include <terse/random.hpp>

namespace terse {

/// Sixteen random bits for each coordinate, as portable::draw_group() says, of four groups of 64 coordinates: by
/// themselves, because so many are a few times faster together, and what rounds in between would wait for them; and
/// four groups ahead, because so they need not be there when they are asked for.
struct group_draws {
    static constexpr std::size_t groups = philox_batch::blocks / 8;

    random_stream::parameters stream;
    philox_keys keys;
    std::uint64_t made = 0; ///< four times so many groups: the last four of them, and those before, if any were made
    alignas(64) std::array<std::uint32_t, 2 * philox_batch::words> room{}; ///< two batches, eight blocks for each group

    explicit group_draws(random_stream const& random) : stream(random.get_parameters()), keys(stream) {}

    std::uint32_t* of_four(std::uint64_t four) { return room.data() + four % 2 * philox_batch::words; }
    /// Eight words with the bits of coordinates 0 .. 7 in their lower halves and 8 .. 15 in their upper ones; a stride
    /// of the batch on, those of the next sixteen.
    std::uint32_t* of(std::uint64_t group) { return of_four(group / groups) + philox_batch::at(8 * (group % groups)); }
};

} // namespace terse
