// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

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
    return x[n / 2] + T(0); // 0 rather than -0, of which nth_element may find either
}

/// Blocks whose hashes are made together.
inline constexpr std::size_t blocks_at_once = 16;

/// A block of sixteen coordinates, whose hash is h, to or from its group of buckets; `group` is the first of them.
struct portable_blocks {
    using code = std::uint64_t; ///< a hash

    /// Hashes and groups of blocks first, .., first + n - 1 in a row.
    template <class T>
    static void find(sketch_plan const& plan, std::size_t row, std::uint64_t first, std::size_t n, T* table,
                     std::uint64_t* h, T** group) {
        auto const hash = plan.rows[row];
        auto const groups = plan.columns / sketch_block;
        for (std::size_t i = 0; i < n; ++i) {
            h[i] = hash(first + i);
            group[i] = table + row * plan.columns + sketch_block * sketch_bucket(h[i], groups);
        }
    }
    template <class T>
    static void add(T const* x, std::uint64_t h, T* group) {
        for (std::size_t l = 0; l < sketch_block; ++l) group[l ^ (h & 15)] += (h >> (4 + l) & 1) != 0 ? -x[l] : x[l];
    }
    /// The medians of what a block finds in its rows; row j is at groups[j stride], with hash h[j stride].
    template <class T>
    static void median_of(T const* const* groups, std::uint64_t const* h, std::size_t rows, std::size_t stride, T* y) {
        std::array<T, 256> found;
        for (std::size_t l = 0; l < sketch_block; ++l) {
            for (std::size_t j = 0; j < rows; ++j) {
                auto const own = h[j * stride];
                auto const x = groups[j * stride][l ^ (own & 15)];
                found[j] = (own >> (4 + l) & 1) != 0 ? -x : x;
            }
            y[l] = median(found.data(), rows);
        }
    }
};

#if defined(__x86_64__)
#define TERSE_TARGET [[gnu::target("avx2")]]

struct avx2_blocks : portable_blocks {
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
    TERSE_TARGET static void median_of(float const* const* groups, std::uint64_t const* h, std::size_t rows,
                                       std::size_t stride, float* y) {
        if (rows != 5) return portable_blocks::median_of(groups, h, rows, stride, y);
        for (std::size_t half = 0; half < 2; ++half) {
            __m256 x[5];
            for (std::size_t j = 0; j < 5; ++j) x[j] = found(groups[j * stride], h[j * stride], half);
            auto const f = _mm256_max_ps(_mm256_min_ps(x[0], x[1]), _mm256_min_ps(x[2], x[3]));
            auto const g = _mm256_min_ps(_mm256_max_ps(x[0], x[1]), _mm256_max_ps(x[2], x[3]));
            auto const m = _mm256_max_ps(_mm256_min_ps(x[4], f), _mm256_min_ps(g, _mm256_max_ps(x[4], f)));
            _mm256_storeu_ps(y + 8 * half, m);
        }
    }
};

#undef TERSE_TARGET
#define TERSE_TARGET [[gnu::target("avx512f,avx512vl,avx512bw,avx512dq")]]

// A block is one vector. Masked forms with full masks, because g++ 12 takes the others for reads of an uninitialized
// register.
struct avx512_blocks {
    /// What find() leaves of a hash in the place of it: the lane that is exchanged with the first, and the signs, each
    /// where it is loaded from.
    struct code {
        std::uint32_t lane, signs;
    };
    TERSE_TARGET static __m512i all(std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }
    TERSE_TARGET static __m512i upper(__m512i x) { return _mm512_maskz_srli_epi64(0xff, x, 32); }
    TERSE_TARGET static __m512i mixed(__m512i x) { return _mm512_xor_si512(x, upper(x)); }
    template <class Float> // float, or float const
    TERSE_TARGET static void find(sketch_plan const& plan, std::size_t row, std::uint64_t first, std::size_t n,
                                  Float* table, code* h, Float** group) {
        auto const hash = plan.rows[row];
        auto const groups = all(plan.columns / sketch_block);
        auto const origin = all(reinterpret_cast<std::uintptr_t>(table + row * plan.columns));
        static_assert(sketch_block * sizeof(float) == 64 && sizeof(Float*) == sizeof(std::uint64_t));
        for (std::size_t i = 0; i < n; i += 8) {
            auto const here = static_cast<__mmask8>(n - i >= 8 ? 0xff : (1u << (n - i)) - 1);
            auto const block = _mm512_add_epi64(all(first + i), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
            auto const once = mixed(_mm512_add_epi64(_mm512_mullo_epi64(block, all(hash.times)), all(hash.plus)));
            auto const hashes = mixed(_mm512_mullo_epi64(once, all(0xd6e8feb86659fd93u)));
            auto const signs = _mm512_and_si512(_mm512_maskz_slli_epi64(0xff, hashes, 28), all(0xffff00000000));
            _mm512_mask_storeu_epi64(h + i, here, _mm512_or_si512(_mm512_and_si512(hashes, all(15)), signs));
            auto const bucket = upper(_mm512_maskz_mul_epu32(0xff, upper(hashes), groups));
            _mm512_mask_storeu_epi64(group + i, here,
                                     _mm512_add_epi64(origin, _mm512_maskz_slli_epi64(0xff, bucket, 6)));
        }
    }
    TERSE_TARGET static __m512i order(code h) {
        auto const lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        return _mm512_xor_si512(lanes, _mm512_set1_epi32(static_cast<int>(h.lane)));
    }
    TERSE_TARGET static __m512 with_signs(__m512 x, code h) {
        auto const v = _mm512_castps_si512(x);
        return _mm512_castsi512_ps(
            _mm512_mask_xor_epi32(v, static_cast<__mmask16>(h.signs), v, _mm512_set1_epi32(INT32_MIN)));
    }
    TERSE_TARGET static void add(float const* x, code const& h, float* group) {
        auto const y = _mm512_maskz_permutexvar_ps(0xffff, order(h), with_signs(_mm512_loadu_ps(x), h));
        _mm512_storeu_ps(group, _mm512_add_ps(_mm512_loadu_ps(group), y));
    }
    TERSE_TARGET static __m512 found(float const* group, code const& h) {
        return with_signs(_mm512_maskz_permutexvar_ps(0xffff, order(h), _mm512_loadu_ps(group)), h);
    }
    TERSE_TARGET static __m512 lesser(__m512 x, __m512 y) { return _mm512_maskz_min_ps(0xffff, x, y); }
    TERSE_TARGET static __m512 larger(__m512 x, __m512 y) { return _mm512_maskz_max_ps(0xffff, x, y); }
    TERSE_TARGET static void median_of(float const* const* groups, code const* h, std::size_t rows, std::size_t stride,
                                       float* y) {
        if (rows != 5) {
            std::uint64_t hashes[256];
            for (std::size_t j = 0; j < rows; ++j) hashes[j * stride] = h[j * stride].lane | h[j * stride].signs << 4;
            return portable_blocks::median_of(groups, hashes, rows, stride, y);
        }
        __m512 const x0 = found(groups[0], h[0]), x1 = found(groups[stride], h[stride]);
        __m512 const x2 = found(groups[2 * stride], h[2 * stride]), x3 = found(groups[3 * stride], h[3 * stride]);
        __m512 const x4 = found(groups[4 * stride], h[4 * stride]);
        auto const f = larger(lesser(x0, x1), lesser(x2, x3)), g = lesser(larger(x0, x1), larger(x2, x3));
        _mm512_storeu_ps(y, larger(lesser(x4, f), lesser(g, larger(x4, f))));
    }
};
#undef TERSE_TARGET
#endif

/// What is read next, asked for while the first rows are added to.
template <class T>
using ahead_of = std::array<T const*, 2>;

/// Adds blocks first, .., first + n - 1, whose coordinates begin at x, to the table. Row by row, so that a row stays in
/// a near cache; every bucket sees its coordinates in the same order.
template <class Blocks, class T>
[[gnu::always_inline]] inline void add_blocks(T const* x, std::uint64_t first, std::size_t n, sketch_plan const& plan,
                                              T* table, ahead_of<T> ahead) {
    typename Blocks::code h[2][blocks_at_once];
    T* group[2][blocks_at_once];
    for (std::size_t row = 0; row < plan.rows.size(); ++row) {
        auto const find = [&](std::size_t i, std::size_t to) {
            Blocks::find(plan, row, first + i, std::min(blocks_at_once, n - i), table, h[to], group[to]);
        };
        find(0, 0);
        T const* const next = row < ahead.size() ? ahead[row] : nullptr;
        for (std::size_t i = 0, here = 0; i < n; i += blocks_at_once, here = 1 - here) {
            if (i + blocks_at_once < n) find(i + blocks_at_once, 1 - here);
            auto const m = std::min(blocks_at_once, n - i);
            for (std::size_t j = 0; j < m; ++j) {
                if (next != nullptr) __builtin_prefetch(next + (i + j) * sketch_block);
                Blocks::add(x + (i + j) * sketch_block, h[here][j], group[here][j]);
            }
        }
    }
}

/// The estimates of blocks first, .., first + n - 1, written from y on.
template <class Blocks, class T>
[[gnu::always_inline]] inline void estimate_blocks(T const* table, std::uint64_t first, std::size_t n,
                                                   sketch_plan const& plan, T* y) {
    typename Blocks::code h[256]; // as many as there may be rows
    T const* group[256];
    auto const rows = plan.rows.size();
    auto const at_once = std::min(blocks_at_once, std::size(h) / rows);
    for (std::size_t i = 0; i < n; i += at_once) {
        auto const m = std::min(at_once, n - i);
        for (std::size_t row = 0; row < rows; ++row)
            Blocks::find(plan, row, first + i, m, table, h + row * m, group + row * m);
        for (std::size_t j = 0; j < m; ++j) Blocks::median_of(group + j, h + j, rows, m, y + (i + j) * sketch_block);
    }
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] inline void add_blocks_avx2(float const* x, std::uint64_t first, std::size_t n,
                                                    sketch_plan const& plan, float* table, ahead_of<float> ahead) {
    add_blocks<avx2_blocks>(x, first, n, plan, table, ahead);
}
[[gnu::target("avx2")]] inline void estimate_blocks_avx2(float const* table, std::uint64_t first, std::size_t n,
                                                         sketch_plan const& plan, float* y) {
    estimate_blocks<avx2_blocks>(table, first, n, plan, y);
}
[[gnu::target("avx512f,avx512vl,avx512bw,avx512dq")]] inline void
add_blocks_avx512(float const* x, std::uint64_t first, std::size_t n, sketch_plan const& plan, float* table,
                  ahead_of<float> ahead) {
    add_blocks<avx512_blocks>(x, first, n, plan, table, ahead);
}
[[gnu::target("avx512f,avx512vl,avx512bw,avx512dq")]] inline void
estimate_blocks_avx512(float const* table, std::uint64_t first, std::size_t n, sketch_plan const& plan, float* y) {
    estimate_blocks<avx512_blocks>(table, first, n, plan, y);
}
#endif

} // namespace terse::detail
