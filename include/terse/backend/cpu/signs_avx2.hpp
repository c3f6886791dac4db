// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <terse/backend/cpu/lanes_avx2.hpp>
#include <terse/backend/cpu/signs_portable.hpp>
#include <terse/backend/cpu/sums_avx2.hpp>
#include <terse/backend/cpu/top_k_avx2.hpp>

#define TERSE_FORM avx2
#define TERSE_TARGET [[gnu::target("avx2,popcnt")]]

namespace terse::avx2 {

// The lanes that are >= 0.
TERSE_TARGET inline unsigned signs(__m256 v) {
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(v, _mm256_setzero_ps(), _CMP_GE_OQ)));
}
TERSE_TARGET inline unsigned signs(__m256d v) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(v, _mm256_setzero_pd(), _CMP_GE_OQ)));
}
// y where the bit is 1, otherwise x.
TERSE_TARGET inline __m256 choose(std::uint64_t bits, __m256 x, __m256 y) {
    auto const own = _mm256_set_epi32(128, 64, 32, 16, 8, 4, 2, 1);
    auto const set = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits & 255)), own);
    return _mm256_blendv_ps(x, y, _mm256_castsi256_ps(_mm256_cmpeq_epi32(set, own)));
}
TERSE_TARGET inline __m256d choose(std::uint64_t bits, __m256d x, __m256d y) {
    auto const own = _mm256_set_epi64x(8, 4, 2, 1);
    auto const set = _mm256_and_si256(_mm256_set1_epi64x(static_cast<long long>(bits & 15)), own);
    return _mm256_blendv_pd(x, y, _mm256_castsi256_pd(_mm256_cmpeq_epi64(set, own)));
}

// x - scale where x >= 0, otherwise x + scale.
TERSE_TARGET inline __m256 less_scaled_sign(__m256 x, float scale) {
    auto const positive = _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_GE_OQ);
    return _mm256_add_ps(x, _mm256_blendv_ps(_mm256_set1_ps(scale), _mm256_set1_ps(-scale), positive));
}
TERSE_TARGET inline __m256d less_scaled_sign(__m256d x, double scale) {
    auto const positive = _mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_GE_OQ);
    return _mm256_add_pd(x, _mm256_blendv_pd(_mm256_set1_pd(scale), _mm256_set1_pd(-scale), positive));
}

template <class T>
TERSE_TARGET typename lanes<T>::vector evaluate(resumed<T> s, std::size_t at) {
    using l = lanes<T>;
    auto const e = read(s.e + at);
    auto const x = less_scaled_sign(read(s.x + at), s.scale);
    return s.scaled() ? l::add(l::multiply(l::all(s.b), e), l::multiply(l::all(s.a), x)) : l::add(e, x);
}

template <class Source>
TERSE_TARGET inline typename lanes<typename Source::scalar>::vector renew(Source const& source, std::size_t at) {
    auto const v = evaluate(source, at);
    if constexpr (Source::writes) lanes<typename Source::scalar>::store(source.e + at, v);
    return v;
}

// Sixteen numbers v of the source: writes them back, adds their terms to the sums and returns their signs.
template <class Source, class Term>
TERSE_TARGET inline unsigned look_at_sixteen(Source const& source, std::size_t at, sixteen_sums<Term>& sums) {
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

} // namespace terse::avx2

#include <terse/backend/cpu/signs_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET

#endif
