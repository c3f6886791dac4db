// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <immintrin.h>

#include <terse/backend/cpu/group_draws.hpp>
#include <terse/backend/cpu/lanes_avx512.hpp>
#include <terse/backend/cpu/levels_portable.hpp>
#include <terse/backend/cpu/philox_avx512.hpp>
#include <terse/backend/cpu/signs_avx512.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/random.hpp>

#define TERSE_FORM avx512
#define TERSE_TARGET [[gnu::target("avx512f,avx512vl,avx512bw,avx512dq,popcnt")]]
#include <terse/backend/cpu/levels_frame.hpp>

namespace terse::avx512 {

/// The draws of sixteen coordinates from their eight words: the lower halves, then the upper ones.
TERSE_TARGET inline __m512i sixteen_draws(std::uint32_t const* words) {
    auto const both = _mm512_maskz_broadcast_i64x4(0xff, _mm256_loadu_si256(reinterpret_cast<__m256i const*>(words)));
    auto const nothing = static_cast<int>(0x80800000);
    auto const lower = _mm256_set_epi32(0x0d0c, 0x0908, 0x0504, 0x0100, 0x0d0c, 0x0908, 0x0504, 0x0100);
    auto const halves = _mm512_maskz_inserti64x4(0xff, _mm512_maskz_broadcast_i64x4(0xff, lower),
                                                 _mm256_add_epi32(lower, _mm256_set1_epi32(0x0202)), 1);
    return _mm512_maskz_shuffle_epi8(~std::uint64_t{0}, both, _mm512_or_si512(halves, _mm512_set1_epi32(nothing)));
}

TERSE_TARGET inline __m512i magnitudes_of(__m512 v) {
    return _mm512_and_si512(_mm512_castps_si512(v), _mm512_set1_epi32(0x7fffffff));
}
TERSE_TARGET inline __m512i magnitudes_of(__m512d v) {
    return _mm512_and_si512(_mm512_castpd_si512(v), _mm512_set1_epi64(0x7fffffffffffffff));
}
TERSE_TARGET inline __m512i larger(__m512i x, __m512 v) { return _mm512_maskz_max_epi32(0xffff, x, magnitudes_of(v)); }
TERSE_TARGET inline __m512i larger(__m512i x, __m512d v) { return _mm512_maskz_max_epi64(0xff, x, magnitudes_of(v)); }

TERSE_TARGET inline __m256i low_half(__m512i x) { return _mm512_maskz_extracti64x4_epi64(0xff, x, 0); }
TERSE_TARGET inline __m256i high_half(__m512i x) { return _mm512_maskz_extracti64x4_epi64(0xff, x, 1); }

/// The largest of all lanes of x and y, which are not negative.
TERSE_TARGET inline std::uint32_t largest_of(__m512i x, __m512i y, float) {
    auto const all = _mm512_maskz_max_epi32(0xffff, x, y);
    auto const eight = _mm256_max_epi32(low_half(all), high_half(all));
    auto four = _mm_max_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
    four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0xb1));
    return static_cast<std::uint32_t>(_mm_cvtsi128_si32(four));
}
TERSE_TARGET inline std::uint64_t largest_of(__m512i x, __m512i y, double) {
    auto const all = _mm512_maskz_max_epi64(0xff, x, y);
    auto const four = _mm256_max_epi64(low_half(all), high_half(all));
    auto two = _mm_max_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
    two = _mm_max_epi64(two, _mm_shuffle_epi32(two, 0x4e));
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(two));
}

/// The largest magnitude of the source's numbers at first .. first + n - 1; returns how many it looked at.
template <class Source, class T>
TERSE_TARGET std::size_t largest_magnitude(Source source, std::size_t first, std::size_t n, magnitude_t<T>& largest) {
    using l = lanes<T>;
    auto most0 = _mm512_setzero_si512(), most1 = most0;
    std::size_t i = 0;
    for (; i + 2 * l::count <= n; i += 2 * l::count) {
        auto const v0 = evaluate(source, first + i), v1 = evaluate(source, first + i + l::count);
        if constexpr (Source::writes) {
            l::store(source.e + first + i, v0);
            l::store(source.e + first + i + l::count, v1);
        }
        most0 = larger(most0, v0), most1 = larger(most1, v1);
    }
    auto const most = largest_of(most0, most1, T());
    largest = most > largest ? most : largest;
    return i;
}

/// What _mm512_range makes of x and y: min(|x|, |y|).
inline constexpr int lesser_magnitude = 0b1010;

/// Sixteen numbers as multiples of u / 65536, rounded down, and which are negative.
TERSE_TARGET inline __m512i whole_of(float const* x, rounding<float> const& by, __mmask16& negative) {
    auto const v = _mm512_loadu_ps(x);
    negative = _mm512_movepi32_mask(_mm512_castps_si512(v));
    auto const r = _mm512_maskz_range_ps(0xffff, _mm512_mul_ps(v, by.factor), by.most, lesser_magnitude);
    return _mm512_maskz_cvttps_epi32(0xffff, r);
}
TERSE_TARGET inline __m256i whole_of_eight(__m512d v, rounding<double> const& by) {
    auto const r = _mm512_maskz_range_pd(0xff, _mm512_mul_pd(v, by.factor), by.most, lesser_magnitude);
    return _mm512_maskz_cvttpd_epi32(0xff, r);
}
TERSE_TARGET inline __m512i whole_of(double const* x, rounding<double> const& by, __mmask16& negative) {
    auto const low = _mm512_loadu_pd(x), high = _mm512_loadu_pd(x + 8);
    negative = _mm512_kunpackb(_mm512_movepi64_mask(_mm512_castpd_si512(high)),
                               _mm512_movepi64_mask(_mm512_castpd_si512(low)));
    return _mm512_maskz_inserti64x4(0xff, _mm512_maskz_broadcast_i64x4(0xff, whole_of_eight(low, by)),
                                    whole_of_eight(high, by), 1);
}

/// The levels of sixteen numbers. What sixteen bits do not decide shows as 0xffff in the lower halves of `carries`.
template <class T>
TERSE_TARGET inline __m512i level_of_sixteen(T const* x, rounding<T> const& by, __m512i draw, __m512i& carries) {
    __mmask16 negative = 0;
    auto const sum = _mm512_add_epi32(whole_of(x, by, negative), draw);
    carries = _mm512_maskz_max_epu16(0xffffffff, carries, sum);
    auto const level = _mm512_maskz_srli_epi32(0xffff, sum, 16);
    return _mm512_mask_sub_epi32(level, negative, _mm512_setzero_si512(), level);
}

/// What the levels of sixteen numbers leave of them.
TERSE_TARGET inline void subtract_sixteen(float const* x, rounding<float> const& by, __m512i level, float* e) {
    auto const taken = _mm512_mul_ps(by.unit, _mm512_maskz_cvtepi32_ps(0xffff, level));
    _mm512_storeu_ps(e, _mm512_sub_ps(_mm512_loadu_ps(x), taken));
}
TERSE_TARGET inline void subtract_sixteen(double const* x, rounding<double> const& by, __m512i level, double* e) {
    auto const low = _mm512_mul_pd(by.unit, _mm512_maskz_cvtepi32_pd(0xff, low_half(level)));
    auto const high = _mm512_mul_pd(by.unit, _mm512_maskz_cvtepi32_pd(0xff, high_half(level)));
    _mm512_storeu_pd(e, _mm512_sub_pd(_mm512_loadu_pd(x), low));
    _mm512_storeu_pd(e + 8, _mm512_sub_pd(_mm512_loadu_pd(x + 8), high));
}

/// The 64 levels of a group, packed.
TERSE_TARGET inline void pack_levels(__m512i l0, __m512i l1, __m512i l2, __m512i l3, unsigned width,
                                     std::uint64_t* words) {
    if (width == 8 || width == 4) {
        auto const words16 = _mm512_maskz_packs_epi32(0xffffffff, l0, l1);
        auto const more16 = _mm512_maskz_packs_epi32(0xffffffff, l2, l3);
        auto const order = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0);
        auto const bytes =
            _mm512_maskz_permutexvar_epi32(0xffff, order, _mm512_maskz_packs_epi16(~std::uint64_t{0}, words16, more16));
        if (width == 8) return _mm512_storeu_si512(words, bytes);
        // Neighbours make one byte.
        auto const pairs = _mm512_maskz_maddubs_epi16(0xffffffff, _mm512_and_si512(bytes, _mm512_set1_epi8(0x0f)),
                                                      _mm512_set1_epi16(0x1001));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(words), _mm512_maskz_cvtepi16_epi8(0xffffffff, pairs));
    } else {
        __m256i const eight[8]{low_half(l0), high_half(l0), low_half(l1), high_half(l1),
                               low_half(l2), high_half(l2), low_half(l3), high_half(l3)};
        pack_group(eight, width, words);
    }
}

/// A group of 64 coordinates; returns false, and has done nothing, if sixteen bits do not decide: one time in a
/// thousand.
template <bool Takes, class T>
TERSE_TARGET inline bool round_group(T const* x, rounding<T> const& by, std::uint32_t const* draws, unsigned width,
                                     std::uint64_t* words, T* e) {
    constexpr auto next = philox_batch::stride;
    auto carries = _mm512_setzero_si512();
    // Nor is this a loop.
    auto const l0 = level_of_sixteen(x, by, sixteen_draws(draws), carries);
    auto const l1 = level_of_sixteen(x + 16, by, sixteen_draws(draws + next), carries);
    auto const l2 = level_of_sixteen(x + 32, by, sixteen_draws(draws + 2 * next), carries);
    auto const l3 = level_of_sixteen(x + 48, by, sixteen_draws(draws + 3 * next), carries);
    if (_mm512_mask_cmpeq_epi16_mask(0x55555555, carries, _mm512_set1_epi16(-1)) != 0) return false;
    pack_levels(l0, l1, l2, l3, width, words);
    if constexpr (Takes) {
        subtract_sixteen(x, by, l0, e), subtract_sixteen(x + 16, by, l1, e + 16);
        subtract_sixteen(x + 32, by, l2, e + 32), subtract_sixteen(x + 48, by, l3, e + 48);
    }
    return true;
}

} // namespace terse::avx512

#include <terse/backend/cpu/rounding_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET

#endif
