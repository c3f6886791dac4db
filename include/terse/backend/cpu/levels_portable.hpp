// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <terse/backend/level_bits.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/random.hpp>

namespace terse {

/// Numbers are rounded in groups of so many coordinates, whose levels fill whole words.
inline constexpr std::size_t level_group = 64;

} // namespace terse

namespace terse::portable {

/// Asks for a group of x, to be written, and of g, if there is an x.
template <class T>
[[gnu::always_inline]] inline void ask_for_group(T const* x, T const* g, std::size_t begin) {
    if (x == nullptr) return;
    for (std::size_t j = 0; j < level_group; j += 64 / sizeof(T)) {
        __builtin_prefetch(x + begin + j, 1);
        __builtin_prefetch(g + begin + j);
    }
}

using group_levels = std::array<std::int32_t, level_group>;

/// Sixteen random bits for each coordinate of a group. Coordinate 64 g + 16 w + 8 h + j has half h of word w of block
/// 8 g + j, so that eight blocks side by side give eight neighbours.
inline std::array<std::uint32_t, level_group> draw_group(random_stream const& random, std::uint64_t group) {
    std::array<std::uint32_t, level_group> draws{};
    for (std::size_t j = 0; j < 8; ++j) {
        auto const block = random.block(8 * group + j);
        for (std::size_t w = 0; w < 4; ++w) {
            draws[16 * w + j] = block[w] & 0xffff;
            draws[16 * w + 8 + j] = block[w] >> 16;
        }
    }
    return draws;
}
/// More bits for coordinate i, uniform in [0, 1): from blocks that no group has.
inline double draw_more(random_stream const& random, std::uint64_t i) {
    return random.block(std::uint64_t{1} << 63 | i >> 2)[i & 3] * 0x1p-32;
}

/// The levels of a group whose unit is not tiny, if its draws decide them all and there is no NaN: level_of() without
/// branches.
template <class T>
bool round_whole_group(T const* x, T unit, std::uint32_t most_levels,
                       std::array<std::uint32_t, level_group> const& draws, group_levels& levels) {
    T const factor = T(65536) / unit, most = static_cast<T>(most_levels << 16);
    std::uint32_t undecided = 0;
    for (std::size_t j = 0; j < level_group; ++j) {
        T const r = std::fabs(x[j]) * factor;
        auto const sum = static_cast<std::uint32_t>(static_cast<std::int32_t>(r < most ? r : most)) + draws[j];
        auto const level = static_cast<std::int32_t>(sum >> 16);
        undecided |=
            static_cast<std::uint32_t>((sum & 0xffff) == 0xffff) | static_cast<std::uint32_t>(std::isnan(x[j]));
        levels[j] = x[j] < 0 ? -level : level;
    }
    return undecided == 0;
}

/// The unit of coordinates first .. first + n - 1 if they lie in one bucket, or NaN: a division for each coordinate
/// takes as long as all the rest.
template <class T>
T only_unit(T const* units, level_grid const& grid, std::size_t first, std::size_t n) {
    auto const bucket = first / grid.bucket;
    return first + n - bucket * grid.bucket <= grid.bucket ? units[bucket] : std::numeric_limits<T>::quiet_NaN();
}

/// The levels of coordinates first .. first + n - 1, n <= 64, of x; first is a multiple of 64.
template <class T>
void round_group(T const* x, std::size_t first, std::size_t n, T const* units, level_grid const& grid,
                 random_stream const& random, group_levels& levels) {
    auto const draws = draw_group(random, first / level_group);
    if (auto const unit = only_unit(units, grid, first, n); n == level_group && unit >= tiny_unit<T>)
        if (round_whole_group(x + first, unit, grid.levels, draws, levels)) return;
    for (std::size_t j = 0; j < n; ++j) {
        auto const i = first + j;
        levels[j] = level_of(x[i], units[i / grid.bucket], grid.levels, draws[j], [&] { return draw_more(random, i); });
    }
}

/// n levels of so many bits, one after the other; writes ceil(n width / 64) words.
inline void pack_group(std::int32_t const* levels, std::size_t n, unsigned width, std::uint64_t* words) {
    auto const mask = (std::uint64_t{1} << width) - 1;
    std::uint64_t word = 0;
    unsigned filled = 0;
    for (std::size_t j = 0; j < n; ++j) {
        auto const bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(levels[j])) & mask;
        word |= bits << filled;
        filled += width;
        if (filled >= 64) {
            *words++ = word;
            filled -= 64;
            word = filled == 0 ? 0 : bits >> (width - filled);
        }
    }
    if (filled > 0) *words = word;
}
inline void unpack_group(std::uint64_t const* words, std::size_t n, unsigned width, std::int32_t* levels) {
    for (std::size_t j = 0; j < n; ++j) levels[j] = level_at(words, j, width);
}

/// Rounds and packs coordinates begin .. end - 1, begin a multiple of 64, and takes them off e if there is one.
template <class T>
void round_and_pack(T const* x, std::size_t begin, std::size_t end, T const* units, level_grid const& grid,
                    random_stream const& random, std::uint64_t* words, T* e) {
    group_levels levels{};
    auto const width = grid.width();
    for (; begin < end; begin += level_group) {
        auto const n = std::min(level_group, end - begin);
        round_group(x, begin, n, units, grid, random, levels);
        pack_group(levels.data(), n, width, words + begin / level_group * width);
        if (e == nullptr) continue;
        if (auto const unit = only_unit(units, grid, begin, n); !std::isnan(unit))
            for (std::size_t j = 0; j < n; ++j) e[begin + j] -= unit * static_cast<T>(levels[j]);
        else
            for (std::size_t j = 0; j < n; ++j)
                e[begin + j] -= units[(begin + j) / grid.bucket] * static_cast<T>(levels[j]);
    }
}

/// y_i += a u l_i for coordinates begin .. end - 1, begin a multiple of 64.
template <class T>
void add_levels(T a, std::uint64_t const* words, T const* units, level_grid const& grid, T* y, std::size_t begin,
                std::size_t end) {
    group_levels levels{};
    auto const width = grid.width();
    for (; begin < end; begin += level_group) {
        auto const n = std::min(level_group, end - begin);
        unpack_group(words + begin / level_group * width, n, width, levels.data());
        if (auto const by = a * only_unit(units, grid, begin, n); !std::isnan(by))
            for (std::size_t j = 0; j < n; ++j) y[begin + j] += by * static_cast<T>(levels[j]);
        else
            for (std::size_t j = 0; j < n; ++j)
                y[begin + j] += a * units[(begin + j) / grid.bucket] * static_cast<T>(levels[j]);
    }
}

} // namespace terse::portable
