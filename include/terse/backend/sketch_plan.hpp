// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/backend/kept.hpp>
#include <terse/random.hpp>

namespace terse {

/// How coordinates find their buckets in a row of a sketch.
enum class sketch_hashing {
    blocks, ///< sixteen consecutive coordinates go to sixteen consecutive buckets, each with a sign of its own
    classic ///< every coordinate by itself
};

/// Coordinates in a block, and buckets in a group of them.
inline constexpr std::size_t sketch_block = 16;

/// A row's hash of 64 bits: multiplied by a random odd number and added to a random one, then mixed so that neighbours
/// have nothing in common.
struct sketch_hash {
    std::uint64_t times;
    std::uint64_t plus;

    constexpr std::uint64_t operator()(std::uint64_t x) const {
        std::uint64_t h = x * times + plus;
        h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93u;
        return h ^ (h >> 32);
    }
    friend constexpr bool operator==(sketch_hash const&, sketch_hash const&) = default;
};

/// Where a hash points among n buckets: its high half. Signs and lanes come from the low half.
constexpr std::size_t sketch_bucket(std::uint64_t h, std::uint64_t n) {
    return static_cast<std::size_t>((h >> 32) * n >> 32);
}

/// A table of rows x columns, row by row, and the hash of each row; columns are below 2^32, and a multiple of sixteen
/// with blocks.
struct sketch_plan {
    std::size_t columns = 0;
    sketch_hashing hashing = sketch_hashing::blocks;
    std::vector<sketch_hash> rows;
    kept order; ///< what a backend has worked out of the others: see thrust/sketch_order.cuh

    sketch_plan() = default;
    sketch_plan(std::size_t r, std::size_t c, sketch_hashing how, random_stream const& random)
        : columns(c), hashing(how) {
        for (std::size_t j = 0; j < r; ++j) rows.push_back({random.bits(2 * j) | 1, random.bits(2 * j + 1)});
    }

    std::size_t size() const { return rows.size() * columns; }

    /// The place in the table of coordinate i in a row, and whether its sign is -.
    struct place {
        std::size_t at;
        bool negative;
    };
    place operator()(std::size_t row, std::uint64_t i) const {
        if (hashing == sketch_hashing::classic) {
            auto const h = rows[row](i);
            return {row * columns + sketch_bucket(h, columns), (h & 1) != 0};
        }
        auto const h = rows[row](i / sketch_block);
        auto const lane = i % sketch_block;
        auto const group = row * columns + sketch_block * sketch_bucket(h, columns / sketch_block);
        return {group + (lane ^ (h & 15)), (h >> (4 + lane) & 1) != 0};
    }
};

} // namespace terse
