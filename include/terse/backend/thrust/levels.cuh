// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <terse/backend/level_grid.hpp>
#include <terse/backend/thrust/philox.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/thrust/units.cuh>
#include <terse/backend/view.hpp>
#include <terse/random.hpp>

/// Levels on the device, by the operations of cpu/levels_portable.hpp in their order.
namespace terse::element {

/// 2^16 / u as two factors, of which the first brings magnitudes into range where the other would be infinite. A unit
/// that is not positive gives zeros.
template <class T>
struct steps_per_unit {
    T first = 1;
    T then = 0;

    steps_per_unit() = default;
    __host__ __device__ explicit steps_per_unit(T unit) {
        if (!(unit > 0)) return;
        if (unit < (sizeof(T) == 4 ? T(0x1p-100) : static_cast<T>(0x1p-900)))
            first = sizeof(T) == 4 ? T(0x1p100) : static_cast<T>(0x1p600);
        then = T(65536) / (unit * first);
    }
    __host__ __device__ T operator()(T magnitude) const { return magnitude * first * then; }
};

/// The rounding of level_of.
template <class T>
__host__ __device__ std::int32_t level_of(T x, steps_per_unit<T> const& steps, std::uint32_t levels, std::uint32_t draw,
                                          philox const& random, std::uint64_t i) {
    T r = steps(x < 0 ? -x : x);
    auto const most = static_cast<T>(levels << 16);
    if (most < r) r = most;
    if (!(r >= 0)) return 0;
    auto const whole = static_cast<std::uint32_t>(r);
    auto const sum = whole + draw;
    auto level = static_cast<std::int32_t>(sum >> 16);
    if ((sum & 0xffff) == 0xffff) {
        auto const more = random(std::uint64_t{1} << 63 | i >> 2).word[i & 3] * 0x1p-32;
        if (more < static_cast<double>(r - static_cast<T>(whole))) ++level;
    }
    return x < 0 ? -level : level;
}

/// Rounds and packs a group of 64 coordinates.
template <class T>
struct round_group {
    T const* x;
    std::size_t d;
    T const* units;
    std::size_t bucket;
    std::uint32_t levels;
    unsigned width;
    philox random;
    std::uint64_t* words;

    __host__ __device__ void operator()(std::size_t group) const {
        auto const first = 64 * group;
        auto const n = d - first < 64 ? d - first : 64;
        auto* const to = words + group * width;
        auto const mask = (std::uint64_t{1} << width) - 1;
        for (unsigned w = 0; 64 * w < n * width; ++w) to[w] = 0;
        for (std::size_t lane = 0; lane < 8 && lane < n; ++lane) {
            auto const block = random(8 * group + lane);
            for (std::size_t j = lane; j < n; j += 8) {
                auto const draw = block.word[j / 16] >> (j / 8 % 2 * 16) & 0xffff;
                auto const i = first + j;
                auto const level = level_of(x[i], steps_per_unit<T>(units[i / bucket]), levels, draw, random, i);
                auto const bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(level)) & mask;
                auto const at = j * width;
                to[at / 64] |= bits << at % 64;
                if (at % 64 + width > 64) to[at / 64 + 1] |= bits >> (64 - at % 64);
            }
        }
    }
};

/// The i-th level.
struct level_at {
    std::uint64_t const* words;
    unsigned width;

    __host__ __device__ std::int32_t operator()(std::size_t i) const { return lowest(bits(i, 1)); }
    /// The bits of n levels from the i-th on, which are in one group of 64 and have not more bits than a word.
    __host__ __device__ std::uint64_t bits(std::size_t i, unsigned n) const {
        auto const* const group = words + i / 64 * width;
        auto const at = static_cast<unsigned>(i % 64) * width;
        auto bits = group[at / 64] >> at % 64;
        if (at % 64 + n * width > 64) bits |= group[at / 64 + 1] << (64 - at % 64);
        return bits;
    }
    /// The first level of some bits.
    __host__ __device__ std::int32_t lowest(std::uint64_t bits) const {
        return static_cast<std::int32_t>(static_cast<std::int64_t>(bits << (64 - width)) >> (64 - width));
    }
};
/// y_i + a u l_i
template <class T>
struct plus_level {
    T a;
    level_at level;
    T const* units;
    std::size_t bucket;

    __host__ __device__ T operator()(T y, std::size_t i) const {
        return y + a * units[i / bucket] * static_cast<T>(level(i));
    }
};
/// Bits of the i-th level in Elias' code.
struct level_code_bits {
    level_at level;

    __host__ __device__ std::uint64_t operator()(std::size_t i) const {
        auto const l = level(i);
        std::uint64_t bits = l != 0 ? 2 : 1;
        for (auto n = static_cast<std::uint32_t>(l < 0 ? -l : l) + 1; n > 1;) {
            std::uint32_t width = 0;
            for (auto rest = n; rest != 0; rest >>= 1) ++width;
            bits += width;
            n = width - 1;
        }
        return bits;
    }
};

} // namespace terse::element

namespace terse {

/// The units of the buckets of x, unless they are given, and the levels of its coordinates in words.
template <class T>
void quantize(view<thrust_device, T const> x, level_grid const& grid, view<thrust_device, T> units,
              view<thrust_device, std::uint64_t> words, random_stream const& random) {
    if (grid.norm != norm::given) find_units<T>(x, grid, units);
    thrust::counting_iterator<std::size_t> const first(0);
    thrust::for_each_n(device_policy(), first, (x.size() + 63) / 64,
                       element::round_group<T>{x.data(),
                                               x.size(),
                                               units.data(),
                                               grid.bucket,
                                               grid.levels,
                                               grid.width(),
                                               {random.get_parameters()},
                                               words.data()});
}

} // namespace terse
