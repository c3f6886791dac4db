// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <terse/random.hpp>

#include "oracle/random_run.hpp"

namespace oracle {

/// Below this a fraction is rounded down: 48 random bits of coordinate i, which both sides must see.
inline double rounds_up_above(std::uint64_t seed, std::uint32_t worker, std::uint64_t round, std::uint64_t segment,
                              std::size_t i) {
    terse::random_stream const random(seed, terse::purpose::rounding, worker, round, segment);
    auto const word = random.block(8 * (i / 64) + i % 8)[i % 64 / 16];
    auto const sixteen = i / 8 % 2 == 0 ? word & 0xffff : word >> 16;
    auto const more = random.block((std::uint64_t{1} << 63) + i / 4)[i % 4];
    return (65535.0 - sixteen + more / 4294967296.0) / 65536.0;
}

/// The segment of the i-th part of a vector.
inline std::uint64_t part(std::uint64_t i) { return 0x9e3779b97f4a7c15u + i; }

/// Q_s(v)_i = norm sign(v_i) l / s, rounded at random, for the coordinates first .. first + n - 1, which are the draws'
/// coordinates draw_first ..
inline void quantize(numbers const& v, std::size_t first, std::size_t n, double norm, double s, std::uint64_t seed,
                     std::uint32_t worker, std::uint64_t round, std::uint64_t segment, std::size_t draw_first,
                     numbers& out) {
    for (std::size_t j = 0; j < n; ++j) {
        double const x = v[first + j];
        out[first + j] = 0;
        if (norm == 0) continue;
        double const r = std::fmin(s * std::fabs(x) / norm, s);
        double const low = std::floor(r);
        double const level = r - low > rounds_up_above(seed, worker, round, segment, draw_first + j) ? low + 1 : low;
        out[first + j] = (x < 0 ? -1 : 1) * norm * level / s;
    }
}

inline double length(numbers const& v, std::size_t first, std::size_t n, bool largest) {
    double sum = 0;
    for (std::size_t i = first; i < first + n; ++i) sum = largest ? std::fmax(sum, std::fabs(v[i])) : sum + v[i] * v[i];
    return largest ? sum : std::sqrt(sum);
}

} // namespace oracle
