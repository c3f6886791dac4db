// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <array>
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

namespace terse::avx2 {

/// For every set of lanes their numbers, in ascending order: the permutation that moves them to the front.
template <std::size_t Lanes>
inline constexpr auto to_the_front = [] {
    std::array<std::array<std::uint8_t, 8>, std::size_t{1} << Lanes> table{};
    for (std::size_t set = 0; set < table.size(); ++set)
        for (std::size_t lane = 0, n = 0; lane < Lanes; ++lane)
            if ((set >> lane & 1) != 0) table[set][n++] = static_cast<std::uint8_t>(lane);
    return table;
}();

/// 32 bytes of numbers, and what is done with them. A set of lanes is a mask, or the bits of one.
template <class T>
struct lanes;

template <>
struct lanes<float> {
    using vector = __m256;
    using mask = __m256;
    static constexpr std::size_t count = 8;

    [[gnu::target("avx2,popcnt")]] static vector all(float x) { return _mm256_set1_ps(x); }
    [[gnu::target("avx2,popcnt")]] static vector load(float const* p) { return _mm256_loadu_ps(p); }
    [[gnu::target("avx2,popcnt")]] static void store(float* p, vector v) { _mm256_storeu_ps(p, v); }
    [[gnu::target("avx2,popcnt")]] static vector add(vector x, vector y) { return _mm256_add_ps(x, y); }
    [[gnu::target("avx2,popcnt")]] static vector multiply(vector x, vector y) { return _mm256_mul_ps(x, y); }
    [[gnu::target("avx2,popcnt")]] static mask at_least(vector v, std::uint32_t from) {
        auto const bits = _mm256_and_si256(_mm256_castps_si256(v), _mm256_set1_epi32(0x7fffffff));
        return _mm256_castsi256_ps(_mm256_cmpgt_epi32(bits, _mm256_set1_epi32(static_cast<int>(from - 1))));
    }
    [[gnu::target("avx2,popcnt")]] static vector clear(mask m, vector v) { return _mm256_andnot_ps(m, v); }
    [[gnu::target("avx2,popcnt")]] static unsigned bits(mask m) { return static_cast<unsigned>(_mm256_movemask_ps(m)); }
    [[gnu::target("avx2,popcnt")]] static mask either(mask x, mask y) { return _mm256_or_ps(x, y); }

    [[gnu::target("avx2,popcnt")]] static __m256i order(unsigned chosen) {
        return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<__m128i const*>(to_the_front<8>[chosen].data())));
    }
    // Writes the chosen lanes, and then others up to a whole vector.
    [[gnu::target("avx2,popcnt")]] static void store_values(unsigned chosen, vector v, float* to) {
        _mm256_storeu_ps(to, _mm256_permutevar8x32_ps(v, order(chosen)));
    }
    // The same for first, first + 1, ..
    [[gnu::target("avx2,popcnt")]] static void store_offsets(unsigned chosen, std::uint32_t first, std::uint32_t* to) {
        auto const packed = _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(first)), order(chosen));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), packed);
    }
    // The same for first + offsets[0], first + offsets[1], ..
    [[gnu::target("avx2,popcnt")]] static void store_indices(unsigned chosen, std::uint64_t first,
                                                             std::uint32_t const* offsets, std::uint64_t* to) {
        auto const all = _mm256_loadu_si256(reinterpret_cast<__m256i const*>(offsets));
        auto const packed = _mm256_permutevar8x32_epi32(all, order(chosen));
        auto const base = _mm256_set1_epi64x(static_cast<long long>(first));
        auto const low = _mm256_cvtepu32_epi64(_mm256_castsi256_si128(packed));
        auto const high = _mm256_cvtepu32_epi64(_mm256_extracti128_si256(packed, 1));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_add_epi64(base, low));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + 4), _mm256_add_epi64(base, high));
    }
};

template <>
struct lanes<double> {
    using vector = __m256d;
    using mask = __m256d;
    static constexpr std::size_t count = 4;

    [[gnu::target("avx2,popcnt")]] static vector all(double x) { return _mm256_set1_pd(x); }
    [[gnu::target("avx2,popcnt")]] static vector load(double const* p) { return _mm256_loadu_pd(p); }
    [[gnu::target("avx2,popcnt")]] static void store(double* p, vector v) { _mm256_storeu_pd(p, v); }
    [[gnu::target("avx2,popcnt")]] static vector add(vector x, vector y) { return _mm256_add_pd(x, y); }
    [[gnu::target("avx2,popcnt")]] static vector multiply(vector x, vector y) { return _mm256_mul_pd(x, y); }
    [[gnu::target("avx2,popcnt")]] static mask at_least(vector v, std::uint64_t from) {
        auto const bits = _mm256_and_si256(_mm256_castpd_si256(v), _mm256_set1_epi64x(0x7fffffffffffffff));
        return _mm256_castsi256_pd(_mm256_cmpgt_epi64(bits, _mm256_set1_epi64x(static_cast<long long>(from - 1))));
    }
    [[gnu::target("avx2,popcnt")]] static vector clear(mask m, vector v) { return _mm256_andnot_pd(m, v); }
    [[gnu::target("avx2,popcnt")]] static unsigned bits(mask m) { return static_cast<unsigned>(_mm256_movemask_pd(m)); }
    [[gnu::target("avx2,popcnt")]] static mask either(mask x, mask y) { return _mm256_or_pd(x, y); }

    [[gnu::target("avx2,popcnt")]] static __m128i order(unsigned chosen) {
        return _mm_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<__m128i const*>(to_the_front<4>[chosen].data())));
    }
    [[gnu::target("avx2,popcnt")]] static void store_values(unsigned chosen, vector v, double* to) {
        // A double is moved as two floats: those at 2 j and 2 j + 1.
        auto const first = _mm256_slli_epi64(_mm256_cvtepu32_epi64(order(chosen)), 1);
        auto const second = _mm256_slli_epi64(_mm256_add_epi64(first, _mm256_set1_epi64x(1)), 32);
        auto const halves = _mm256_or_si256(first, second);
        _mm256_storeu_pd(to, _mm256_castps_pd(_mm256_permutevar8x32_ps(_mm256_castpd_ps(v), halves)));
    }
    [[gnu::target("avx2,popcnt")]] static void store_offsets(unsigned chosen, std::uint32_t first, std::uint32_t* to) {
        auto const packed = _mm_add_epi32(_mm_set1_epi32(static_cast<int>(first)), order(chosen));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), packed);
    }
    [[gnu::target("avx2,popcnt")]] static void store_indices(unsigned chosen, std::uint64_t first,
                                                             std::uint32_t const* offsets, std::uint64_t* to) {
        auto const all = _mm_loadu_ps(reinterpret_cast<float const*>(offsets));
        auto const packed = _mm_castps_si128(_mm_permutevar_ps(all, order(chosen)));
        auto const base = _mm256_set1_epi64x(static_cast<long long>(first));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_add_epi64(base, _mm256_cvtepu32_epi64(packed)));
    }
};

} // namespace terse::avx2

#endif
