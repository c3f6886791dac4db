// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <terse/backend/cpu/lanes_avx512.hpp>
#include <terse/backend/cpu/sums_avx512.hpp>
#include <terse/backend/cpu/top_k_avx512.hpp>

namespace terse::avx512 {

// The lanes that are >= 0.
[[gnu::target("avx512f,avx512vl,popcnt")]] inline unsigned signs(__m512 v) {
    return _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_GE_OQ);
}
[[gnu::target("avx512f,avx512vl,popcnt")]] inline unsigned signs(__m512d v) {
    return _mm512_cmp_pd_mask(v, _mm512_setzero_pd(), _CMP_GE_OQ);
}
// y where the bit is 1, otherwise x.
[[gnu::target("avx512f,avx512vl,popcnt")]] inline __m512 choose(std::uint64_t bits, __m512 x, __m512 y) {
    return _mm512_mask_mov_ps(x, static_cast<__mmask16>(bits), y);
}
[[gnu::target("avx512f,avx512vl,popcnt")]] inline __m512d choose(std::uint64_t bits, __m512d x, __m512d y) {
    return _mm512_mask_mov_pd(x, static_cast<__mmask8>(bits), y);
}

// Sixteen numbers v of the source: writes them back, adds their magnitudes to the sums and returns their signs.
template <class Source>
[[gnu::target("avx512f,avx512vl,popcnt")]] inline unsigned look_at_sixteen(Source const& source, std::size_t at,
                                                                           sixteen_sums<magnitudes>& sums) {
    using l = lanes<typename Source::scalar>;
    auto const v = evaluate(source, at);
    if constexpr (Source::writes) l::store(source.e + at, v);
    if constexpr (l::count == 16) {
        sums.add(v);
        return signs(v);
    } else {
        auto const next = evaluate(source, at + 8);
        if constexpr (Source::writes) l::store(source.e + at + 8, next);
        sums.add(v, next);
        return signs(v) | signs(next) << 8;
    }
}

/// The signs of n numbers of the source from `first` on, and the lanes of the sum of their magnitudes, whole words at a
/// time; returns where it stopped.
template <class Source>
[[gnu::target("avx512f,avx512vl,popcnt")]] std::size_t
collect_signs(Source const& source, std::size_t first, std::size_t n, std::uint64_t* words, double* lane) {
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
[[gnu::target("avx512f,avx512vl,popcnt")]] std::size_t add_signs(T a, std::uint64_t const* words, T* y, std::size_t n) {
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

} // namespace terse::avx512

#endif
