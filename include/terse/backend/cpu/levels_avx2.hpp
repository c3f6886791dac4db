// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <array>
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <terse/backend/cpu/group_draws.hpp>
#include <terse/backend/cpu/lanes_avx2.hpp>
#include <terse/backend/cpu/levels_portable.hpp>
#include <terse/backend/cpu/philox_avx2.hpp>
#include <terse/backend/cpu/signs_avx2.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/random.hpp>

#define TERSE_FORM avx2
#define TERSE_TARGET [[gnu::target("avx2,popcnt")]]
#include <terse/backend/cpu/levels_frame.hpp>

namespace terse::avx2 {

TERSE_TARGET inline __m256i largest_of(__m256i x, __m256 v) {
    return _mm256_max_epi32(x, _mm256_and_si256(_mm256_castps_si256(v), _mm256_set1_epi32(0x7fffffff)));
}
TERSE_TARGET inline __m256i largest_of(__m256i x, __m256d v) {
    auto const m = _mm256_and_si256(_mm256_castpd_si256(v), _mm256_set1_epi64x(0x7fffffffffffffff));
    return _mm256_blendv_epi8(x, m, _mm256_cmpgt_epi64(m, x));
}

/// The largest magnitude of the source's numbers at first .. first + n - 1; returns how many it looked at.
template <class Source, class T>
TERSE_TARGET std::size_t largest_magnitude(Source source, std::size_t first, std::size_t n, magnitude_t<T>& largest) {
    using l = lanes<T>;
    auto most0 = _mm256_setzero_si256(), most1 = most0;
    std::size_t i = 0;
    for (; i + 2 * l::count <= n; i += 2 * l::count) {
        most0 = largest_of(most0, renew(source, first + i));
        most1 = largest_of(most1, renew(source, first + i + l::count));
    }
    std::array<magnitude_t<T>, 2 * l::count> each;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(each.data()), most0);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(each.data() + l::count), most1);
    for (auto const m : each) largest = m > largest ? m : largest;
    return i;
}

/// The levels of eight numbers. What sixteen bits do not decide shows as 0xffff in the lower halves of `carries`. A
/// number that is +0, whose sign is taken for 0, has level 0 anyway.
TERSE_TARGET inline __m256i level_eight(float const* x, rounding<float> const& by, __m256i draw, __m256i& carries) {
    auto const v = _mm256_loadu_ps(x);
    auto const m = _mm256_and_ps(v, _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff)));
    auto const whole = _mm256_cvttps_epi32(_mm256_min_ps(_mm256_mul_ps(m, by.factor), by.most));
    auto const sum = _mm256_add_epi32(whole, draw);
    carries = _mm256_max_epu16(carries, sum);
    return _mm256_sign_epi32(_mm256_srli_epi32(sum, 16), _mm256_castps_si256(v));
}
TERSE_TARGET inline __m128i level_four(double const* x, rounding<double> const& by, __m128i draw, __m128i& carries) {
    auto const v = _mm256_loadu_pd(x);
    auto const m = _mm256_and_pd(v, _mm256_castsi256_pd(_mm256_set1_epi64x(0x7fffffffffffffff)));
    auto const whole = _mm256_cvttpd_epi32(_mm256_min_pd(_mm256_mul_pd(m, by.factor), by.most));
    auto const sum = _mm_add_epi32(whole, draw);
    carries = _mm_max_epu16(carries, sum);
    auto const halves = _mm256_castpd_ps(v);
    auto const high =
        _mm_castps_si128(_mm_shuffle_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps(halves, 1), 0xdd));
    return _mm_sign_epi32(_mm_srli_epi32(sum, 16), _mm_or_si128(high, _mm_set1_epi32(1)));
}
TERSE_TARGET inline __m256i level_eight(double const* x, rounding<double> const& by, __m256i draw, __m256i& carries) {
    auto low_carries = _mm_setzero_si128(), high_carries = low_carries;
    auto const low = level_four(x, by, _mm256_castsi256_si128(draw), low_carries);
    auto const high = level_four(x + 4, by, _mm256_extracti128_si256(draw, 1), high_carries);
    carries = _mm256_max_epu16(carries, _mm256_set_m128i(high_carries, low_carries));
    return _mm256_set_m128i(high, low);
}
/// What the levels of eight numbers leave of them.
TERSE_TARGET inline void subtract_eight(float const* x, rounding<float> const& by, __m256i level, float* e) {
    auto const taken = _mm256_mul_ps(by.unit, _mm256_cvtepi32_ps(level));
    _mm256_storeu_ps(e, _mm256_sub_ps(_mm256_loadu_ps(x), taken));
}
TERSE_TARGET inline void subtract_eight(double const* x, rounding<double> const& by, __m256i level, double* e) {
    auto const low = _mm256_mul_pd(by.unit, _mm256_cvtepi32_pd(_mm256_castsi256_si128(level)));
    auto const high = _mm256_mul_pd(by.unit, _mm256_cvtepi32_pd(_mm256_extracti128_si256(level, 1)));
    _mm256_storeu_pd(e, _mm256_sub_pd(_mm256_loadu_pd(x), low));
    _mm256_storeu_pd(e + 4, _mm256_sub_pd(_mm256_loadu_pd(x + 4), high));
}

/// Two times eight levels of the group at x.
template <class T>
TERSE_TARGET inline void level_sixteen(T const* x, rounding<T> const& by, std::uint32_t const* draws, __m256i* levels,
                                       __m256i& carries) {
    auto const draw = _mm256_load_si256(reinterpret_cast<__m256i const*>(draws));
    levels[0] = level_eight(x, by, _mm256_and_si256(draw, _mm256_set1_epi32(0xffff)), carries);
    levels[1] = level_eight(x + 8, by, _mm256_srli_epi32(draw, 16), carries);
}

/// A group of 64 coordinates; returns false, and has done nothing, if sixteen bits do not decide: one time in a
/// thousand.
template <bool Takes, class T>
TERSE_TARGET inline bool round_group(T const* x, rounding<T> const& by, std::uint32_t const* draws, unsigned width,
                                     std::uint64_t* words, T* e) {
    __m256i levels[8];
    auto carries = _mm256_setzero_si256();
    for (std::size_t w = 0; w < 4; ++w)
        level_sixteen(x + 16 * w, by, draws + w * philox_batch::stride, levels + 2 * w, carries);
    auto const undecided = _mm256_cmpeq_epi16(carries, _mm256_set1_epi16(-1));
    if (!_mm256_testz_si256(undecided, _mm256_set1_epi32(0xffff))) return false;
    pack_group(levels, width, words);
    if constexpr (Takes)
        for (std::size_t j = 0; j < 8; ++j) subtract_eight(x + 8 * j, by, levels[j], e + 8 * j);
    return true;
}

} // namespace terse::avx2

#include <terse/backend/cpu/rounding_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET

#endif
