// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <terse/backend/cpu/lanes_avx2.hpp>
#include <terse/backend/cpu/sums_avx2.hpp>
#include <terse/backend/cpu/top_k_avx2.hpp>

namespace terse::avx2 {

// The lanes that are >= 0.
[[gnu::target("avx2,popcnt")]] inline unsigned signs(__m256 v) {
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(v, _mm256_setzero_ps(), _CMP_GE_OQ)));
}
[[gnu::target("avx2,popcnt")]] inline unsigned signs(__m256d v) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(v, _mm256_setzero_pd(), _CMP_GE_OQ)));
}
// y where the bit is 1, otherwise x.
[[gnu::target("avx2,popcnt")]] inline __m256 choose(std::uint64_t bits, __m256 x, __m256 y) {
    auto const own = _mm256_set_epi32(128, 64, 32, 16, 8, 4, 2, 1);
    auto const set = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits & 255)), own);
    return _mm256_blendv_ps(x, y, _mm256_castsi256_ps(_mm256_cmpeq_epi32(set, own)));
}
[[gnu::target("avx2,popcnt")]] inline __m256d choose(std::uint64_t bits, __m256d x, __m256d y) {
    auto const own = _mm256_set_epi64x(8, 4, 2, 1);
    auto const set = _mm256_and_si256(_mm256_set1_epi64x(static_cast<long long>(bits & 15)), own);
    return _mm256_blendv_pd(x, y, _mm256_castsi256_pd(_mm256_cmpeq_epi64(set, own)));
}

template <class Source>
[[gnu::target("avx2,popcnt")]] inline typename lanes<typename Source::scalar>::vector renew(Source const& source,
                                                                                            std::size_t at) {
    auto const v = evaluate(source, at);
    if constexpr (Source::writes) lanes<typename Source::scalar>::store(source.e + at, v);
    return v;
}

// Sixteen numbers v of the source: writes them back, adds their magnitudes to the sums and returns their signs.
template <class Source>
[[gnu::target("avx2,popcnt")]] inline unsigned look_at_sixteen(Source const& source, std::size_t at,
                                                               sixteen_sums<magnitudes>& sums) {
    if constexpr (lanes<typename Source::scalar>::count == 8) {
        auto const v0 = renew(source, at), v1 = renew(source, at + 8);
        sums.add(v0, v1);
        return signs(v0) | signs(v1) << 8;
    } else {
        auto const v0 = renew(source, at), v1 = renew(source, at + 4);
        auto const v2 = renew(source, at + 8), v3 = renew(source, at + 12);
        sums.add(v0, v1, v2, v3);
        return signs(v0) | signs(v1) << 4 | signs(v2) << 8 | signs(v3) << 12;
    }
}

/// The signs of n numbers of the source from `first` on, and the lanes of the sum of their magnitudes, whole words at a
/// time; returns where it stopped.
template <class Source>
[[gnu::target("avx2,popcnt")]] std::size_t collect_signs(Source const& source, std::size_t first, std::size_t n,
                                                         std::uint64_t* words, double* lane) {
    sixteen_sums<magnitudes> sums(lane);
    std::size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        std::uint64_t word = 0;
        for (unsigned j = 0; j < 64; j += 16) word |= std::uint64_t{look_at_sixteen(source, first + i + j, sums)} << j;
        words[i / 64] = word;
    }
    sums.store(lane);
    return i;
}

/// y_i += a where the bit is 1, y_i -= a where it is 0, whole words at a time; returns where it stopped before n.
template <class T>
[[gnu::target("avx2,popcnt")]] std::size_t add_signs(T a, std::uint64_t const* words, T* y, std::size_t n) {
    using l = lanes<T>;
    auto const plus = l::all(a);
    auto const minus = l::all(-a);
    std::size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        auto const word = words[i / 64];
        for (std::size_t j = 0; j < 64; j += l::count)
            l::store(y + i + j, l::add(l::load(y + i + j), choose(word >> j, minus, plus)));
    }
    return i;
}

} // namespace terse::avx2

#endif
