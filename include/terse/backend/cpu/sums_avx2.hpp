// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <cstddef>

#include <immintrin.h>

#include <terse/backend/cpu/lanes_avx2.hpp>
#include <terse/backend/cpu/terms.hpp>

#define TERSE_TARGET [[gnu::target("avx2,popcnt")]]

namespace terse::avx2 {

TERSE_TARGET inline __m256d term(magnitudes, __m256d x) {
    auto const bits = _mm256_and_si256(_mm256_castpd_si256(x), _mm256_set1_epi64x(0x7fffffffffffffff));
    return _mm256_castsi256_pd(bits);
}
TERSE_TARGET inline __m256d term(squares, __m256d x) { return _mm256_mul_pd(x, x); }
TERSE_TARGET inline __m256d term(plain_numbers, __m256d x) { return x; }

/// The sixteen lanes of a sum in the fixed order.
template <class Term>
class sixteen_sums {
public:
    TERSE_TARGET sixteen_sums()
        : s0_(_mm256_setzero_pd()), s1_(_mm256_setzero_pd()), s2_(_mm256_setzero_pd()), s3_(_mm256_setzero_pd()) {}
    TERSE_TARGET explicit sixteen_sums(double const* lane)
        : s0_(_mm256_loadu_pd(lane)), s1_(_mm256_loadu_pd(lane + 4)), s2_(_mm256_loadu_pd(lane + 8)),
          s3_(_mm256_loadu_pd(lane + 12)) {}
    TERSE_TARGET void store(double* lane) const {
        _mm256_storeu_pd(lane, s0_);
        _mm256_storeu_pd(lane + 4, s1_);
        _mm256_storeu_pd(lane + 8, s2_);
        _mm256_storeu_pd(lane + 12, s3_);
    }

    TERSE_TARGET void add(__m256 x, __m256 y) {
        add(_mm256_cvtps_pd(_mm256_castps256_ps128(x)), _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)),
            _mm256_cvtps_pd(_mm256_castps256_ps128(y)), _mm256_cvtps_pd(_mm256_extractf128_ps(y, 1)));
    }
    TERSE_TARGET void add(__m256d x, __m256d y, __m256d z, __m256d u) {
        s0_ = _mm256_add_pd(s0_, term(Term(), x));
        s1_ = _mm256_add_pd(s1_, term(Term(), y));
        s2_ = _mm256_add_pd(s2_, term(Term(), z));
        s3_ = _mm256_add_pd(s3_, term(Term(), u));
    }

private:
    __m256d s0_;
    __m256d s1_;
    __m256d s2_;
    __m256d s3_;
};

/// Adds the terms of x to the lanes, sixteen at a time; returns where it stopped before n.
template <class Term, class T>
TERSE_TARGET std::size_t add_terms(T const* x, std::size_t n, double* lane) {
    using l = lanes<T>;
    sixteen_sums<Term> sums(lane);
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        if constexpr (sizeof(T) == 4)
            sums.add(l::load(x + i), l::load(x + i + 8));
        else
            sums.add(l::load(x + i), l::load(x + i + 4), l::load(x + i + 8), l::load(x + i + 12));
    }
    sums.store(lane);
    return i;
}

} // namespace terse::avx2

#undef TERSE_TARGET

#endif
