// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <terse/backend/sketch_plan.hpp>

namespace terse::detail {

/// What minps and maxps do: the second of two that are equal.
template <class T>
constexpr T least(T a, T b) {
    return a < b ? a : b;
}
template <class T>
constexpr T most(T a, T b) {
    return a > b ? a : b;
}

/// The median of an odd number of values, which are put into another order.
template <class T>
T median(T* x, std::size_t n) {
    if (n == 1) return x[0];
    if (n == 3) return most(least(x[0], x[1]), least(most(x[0], x[1]), x[2]));
    if (n == 5) {
        auto const f = most(least(x[0], x[1]), least(x[2], x[3])), g = least(most(x[0], x[1]), most(x[2], x[3]));
        return most(least(x[4], f), least(g, most(x[4], f)));
    }
    std::nth_element(x, x + n / 2, x + n);
    return x[n / 2];
}

/// A block of sixteen coordinates, whose hash is h, to or from its group of buckets; `group` is the first of them.
struct portable_blocks {
    template <class T>
    static void add(T const* x, std::uint64_t h, T* group) {
        for (std::size_t l = 0; l < sketch_block; ++l) group[l ^ (h & 15)] += (h >> (4 + l) & 1) != 0 ? -x[l] : x[l];
    }
    template <class T>
    static void median_of(T const* const* groups, std::uint64_t const* h, std::size_t rows, T* y) {
        std::array<T, 256> found;
        for (std::size_t l = 0; l < sketch_block; ++l) {
            for (std::size_t j = 0; j < rows; ++j) {
                auto const x = groups[j][l ^ (h[j] & 15)];
                found[j] = (h[j] >> (4 + l) & 1) != 0 ? -x : x;
            }
            y[l] = median(found.data(), rows);
        }
    }
};

#if defined(__x86_64__)
#define TERSE_TARGET [[gnu::target("avx2")]]

struct avx2_blocks {
    /// Lanes 8 half to 8 half + 7 of the signs, in the highest bits.
    TERSE_TARGET static __m256 signs(std::uint64_t h, std::size_t half) {
        auto const bits = _mm256_set1_epi32(static_cast<int>(h >> (4 + 8 * half) & 0xff));
        auto const up = _mm256_sllv_epi32(bits, _mm256_setr_epi32(31, 30, 29, 28, 27, 26, 25, 24));
        return _mm256_castsi256_ps(_mm256_and_si256(up, _mm256_set1_epi32(INT32_MIN)));
    }
    TERSE_TARGET static __m256i order(std::uint64_t h) {
        return _mm256_xor_si256(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32(static_cast<int>(h & 7)));
    }
    TERSE_TARGET static void add(float const* x, std::uint64_t h, float* group) {
        auto const to = order(h);
        for (std::size_t half = 0; half < 2; ++half) {
            auto const y = _mm256_xor_ps(_mm256_loadu_ps(x + 8 * half), signs(h, half));
            auto* const at = group + (8 * half ^ (h & 8));
            _mm256_storeu_ps(at, _mm256_add_ps(_mm256_loadu_ps(at), _mm256_permutevar8x32_ps(y, to)));
        }
    }
    TERSE_TARGET static __m256 found(float const* group, std::uint64_t h, std::size_t half) {
        auto const x = _mm256_loadu_ps(group + (8 * half ^ (h & 8)));
        return _mm256_xor_ps(_mm256_permutevar8x32_ps(x, order(h)), signs(h, half));
    }
    TERSE_TARGET static void median_of(float const* const* groups, std::uint64_t const* h, std::size_t rows, float* y) {
        if (rows != 5) return portable_blocks::median_of(groups, h, rows, y);
        for (std::size_t half = 0; half < 2; ++half) {
            __m256 x[5];
            for (std::size_t j = 0; j < 5; ++j) x[j] = found(groups[j], h[j], half);
            auto const f = _mm256_max_ps(_mm256_min_ps(x[0], x[1]), _mm256_min_ps(x[2], x[3]));
            auto const g = _mm256_min_ps(_mm256_max_ps(x[0], x[1]), _mm256_max_ps(x[2], x[3]));
            auto const m = _mm256_max_ps(_mm256_min_ps(x[4], f), _mm256_min_ps(g, _mm256_max_ps(x[4], f)));
            _mm256_storeu_ps(y + 8 * half, m);
        }
    }
};
#endif

/// Blocks ahead whose hashes are known, and whose buckets are on their way to the cache.
inline constexpr std::size_t blocks_at_once = 16;

/// Where blocks of a row go.
template <class T>
struct block_places {
    std::uint64_t h[blocks_at_once];
    T* group[blocks_at_once];

    [[gnu::always_inline]] void find(sketch_plan const& plan, std::size_t row, std::uint64_t first, std::size_t n,
                                     T* table) {
        auto const hash = plan.rows[row];
        auto const groups = plan.columns / sketch_block;
        for (std::size_t i = 0; i < n; ++i) {
            h[i] = hash(first + i);
            group[i] = table + row * plan.columns + sketch_block * sketch_bucket(h[i], groups);
            __builtin_prefetch(group[i]);
        }
    }
};

/// Adds blocks first, .., first + n - 1, whose coordinates begin at x, to the table.
template <class Blocks, class T>
[[gnu::always_inline]] inline void add_blocks(T const* x, std::uint64_t first, std::size_t n, sketch_plan const& plan,
                                              T* table) {
    block_places<T> places[2];
    places[0].find(plan, 0, first, n, table);
    for (std::size_t row = 0; row < plan.rows.size(); ++row) {
        if (row + 1 < plan.rows.size()) places[(row + 1) % 2].find(plan, row + 1, first, n, table);
        auto const& here = places[row % 2];
        for (std::size_t i = 0; i < n; ++i) Blocks::add(x + i * sketch_block, here.h[i], here.group[i]);
    }
}

/// The estimates of blocks first, .., first + n - 1, written from y on.
template <class Blocks, class T>
[[gnu::always_inline]] inline void estimate_blocks(T const* table, std::uint64_t first, std::size_t n,
                                                   sketch_plan const& plan, T* y) {
    std::array<std::uint64_t, 256> h;
    std::array<T const*, 256> group;
    auto const groups = plan.columns / sketch_block;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t row = 0; row < plan.rows.size(); ++row) {
            h[row] = plan.rows[row](first + i);
            group[row] = table + row * plan.columns + sketch_block * sketch_bucket(h[row], groups);
        }
        Blocks::median_of(group.data(), h.data(), plan.rows.size(), y + i * sketch_block);
    }
}

#if defined(__x86_64__)
TERSE_TARGET inline void add_blocks_avx2(float const* x, std::uint64_t first, std::size_t n, sketch_plan const& plan,
                                         float* table) {
    add_blocks<avx2_blocks>(x, first, n, plan, table);
}
TERSE_TARGET inline void estimate_blocks_avx2(float const* table, std::uint64_t first, std::size_t n,
                                              sketch_plan const& plan, float* y) {
    estimate_blocks<avx2_blocks>(table, first, n, plan, y);
}
#undef TERSE_TARGET
#endif

} // namespace terse::detail
