// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

namespace terse::avx512 {

/// 64 bytes of numbers, and what is done with them. A set of lanes is a mask, or the bits of one.
template <class T>
struct lanes;

template <>
struct lanes<float> {
    using vector = __m512;
    using mask = __mmask16;
    static constexpr std::size_t count = 16;

    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector all(float x) { return _mm512_set1_ps(x); }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector load(float const* p) { return _mm512_loadu_ps(p); }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static void store(float* p, vector v) { _mm512_storeu_ps(p, v); }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector add(vector x, vector y) { return _mm512_add_ps(x, y); }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector multiply(vector x, vector y) {
        return _mm512_mul_ps(x, y);
    }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static mask at_least(vector v, std::uint32_t from) {
        auto const bits = _mm512_and_si512(_mm512_castps_si512(v), _mm512_set1_epi32(0x7fffffff));
        return _mm512_cmpgt_epi32_mask(bits, _mm512_set1_epi32(static_cast<int>(from - 1)));
    }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector clear(mask m, vector v) {
        return _mm512_mask_mov_ps(v, m, _mm512_setzero_ps());
    }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static unsigned bits(mask m) { return m; }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static mask either(mask x, mask y) { return static_cast<mask>(x | y); }

    // Writes the chosen lanes, and then others up to a whole vector.
    [[gnu::target("avx512f,avx512vl,popcnt")]] static void store_values(unsigned chosen, vector v, float* to) {
        _mm512_storeu_ps(to, _mm512_maskz_compress_ps(static_cast<mask>(chosen), v));
    }
    // The same for first, first + 1, ..
    [[gnu::target("avx512f,avx512vl,popcnt")]] static void store_offsets(unsigned chosen, std::uint32_t first,
                                                                         std::uint32_t* to) {
        auto const iota = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        auto const all = _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(first)), iota);
        _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(static_cast<mask>(chosen), all));
    }
    // The same for first + offsets[0], first + offsets[1], ..
    [[gnu::target("avx512f,avx512vl,popcnt")]] static void
    store_indices(unsigned chosen, std::uint64_t first, std::uint32_t const* offsets, std::uint64_t* to) {
        auto const packed = _mm512_maskz_compress_epi32(static_cast<mask>(chosen), _mm512_loadu_si512(offsets));
        auto const base = _mm512_set1_epi64(static_cast<long long>(first));
        // Masked forms with full masks, because g++ 12 takes the others for reads of an uninitialized register.
        auto const low = _mm512_maskz_cvtepu32_epi64(0xff, _mm512_maskz_extracti64x4_epi64(0xff, packed, 0));
        auto const high = _mm512_maskz_cvtepu32_epi64(0xff, _mm512_maskz_extracti64x4_epi64(0xff, packed, 1));
        _mm512_storeu_si512(to, _mm512_add_epi64(base, low));
        _mm512_storeu_si512(to + 8, _mm512_add_epi64(base, high));
    }
};

template <>
struct lanes<double> {
    using vector = __m512d;
    using mask = __mmask8;
    static constexpr std::size_t count = 8;

    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector all(double x) { return _mm512_set1_pd(x); }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector load(double const* p) { return _mm512_loadu_pd(p); }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static void store(double* p, vector v) { _mm512_storeu_pd(p, v); }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector add(vector x, vector y) { return _mm512_add_pd(x, y); }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector multiply(vector x, vector y) {
        return _mm512_mul_pd(x, y);
    }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static mask at_least(vector v, std::uint64_t from) {
        auto const bits = _mm512_and_si512(_mm512_castpd_si512(v), _mm512_set1_epi64(0x7fffffffffffffff));
        return _mm512_cmpgt_epi64_mask(bits, _mm512_set1_epi64(static_cast<long long>(from - 1)));
    }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static vector clear(mask m, vector v) {
        return _mm512_mask_mov_pd(v, m, _mm512_setzero_pd());
    }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static unsigned bits(mask m) { return m; }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static mask either(mask x, mask y) { return static_cast<mask>(x | y); }

    [[gnu::target("avx512f,avx512vl,popcnt")]] static void store_values(unsigned chosen, vector v, double* to) {
        _mm512_storeu_pd(to, _mm512_maskz_compress_pd(static_cast<mask>(chosen), v));
    }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static void store_offsets(unsigned chosen, std::uint32_t first,
                                                                         std::uint32_t* to) {
        auto const iota = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
        auto const all = _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(first)), iota);
        auto const packed = _mm256_maskz_compress_epi32(static_cast<mask>(chosen), all);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), packed);
    }
    [[gnu::target("avx512f,avx512vl,popcnt")]] static void
    store_indices(unsigned chosen, std::uint64_t first, std::uint32_t const* offsets, std::uint64_t* to) {
        auto const all = _mm256_loadu_si256(reinterpret_cast<__m256i const*>(offsets));
        auto const packed = _mm256_maskz_compress_epi32(static_cast<mask>(chosen), all);
        auto const base = _mm512_set1_epi64(static_cast<long long>(first));
        _mm512_storeu_si512(to, _mm512_add_epi64(base, _mm512_maskz_cvtepu32_epi64(0xff, packed)));
    }
};

} // namespace terse::avx512

#endif
