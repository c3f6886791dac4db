// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <cstddef>

#include <immintrin.h>

#include <terse/backend/cpu/lanes_avx512.hpp>
#include <terse/backend/cpu/terms.hpp>

#define TERSE_TARGET [[gnu::target("avx512f,avx512vl,popcnt")]]

namespace terse::avx512 {

TERSE_TARGET inline __m512d term(magnitudes, __m512d x) {
    auto const bits = _mm512_and_si512(_mm512_castpd_si512(x), _mm512_set1_epi64(0x7fffffffffffffff));
    return _mm512_castsi512_pd(bits);
}
TERSE_TARGET inline __m512d term(squares, __m512d x) { return _mm512_mul_pd(x, x); }
TERSE_TARGET inline __m512d term(plain_numbers, __m512d x) { return x; }

/// The sixteen lanes of a sum in the fixed order.
template <class Term>
class sixteen_sums {
public:
    TERSE_TARGET sixteen_sums() : low_(_mm512_setzero_pd()), high_(_mm512_setzero_pd()) {}
    TERSE_TARGET explicit sixteen_sums(double const* lane)
        : low_(_mm512_loadu_pd(lane)), high_(_mm512_loadu_pd(lane + 8)) {}
    TERSE_TARGET void store(double* lane) const {
        _mm512_storeu_pd(lane, low_);
        _mm512_storeu_pd(lane + 8, high_);
    }

    TERSE_TARGET void add(__m512 x) {
        // Masked forms with full masks, because g++ 12 takes the others for reads of an uninitialized register.
        auto const low = _mm512_maskz_extractf64x4_pd(0xff, _mm512_castps_pd(x), 0);
        auto const high = _mm512_maskz_extractf64x4_pd(0xff, _mm512_castps_pd(x), 1);
        add(_mm512_maskz_cvtps_pd(0xff, _mm256_castpd_ps(low)), _mm512_maskz_cvtps_pd(0xff, _mm256_castpd_ps(high)));
    }
    TERSE_TARGET void add(__m512d x, __m512d y) {
        low_ = _mm512_add_pd(low_, term(Term(), x));
        high_ = _mm512_add_pd(high_, term(Term(), y));
    }

private:
    __m512d low_;
    __m512d high_;
};

/// Adds the terms of x to the lanes, sixteen at a time; returns where it stopped before n.
template <class Term, class T>
TERSE_TARGET std::size_t add_terms(T const* x, std::size_t n, double* lane) {
    sixteen_sums<Term> sums(lane);
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        if constexpr (sizeof(T) == 4)
            sums.add(lanes<T>::load(x + i));
        else
            sums.add(lanes<T>::load(x + i), lanes<T>::load(x + i + 8));
    }
    sums.store(lane);
    return i;
}

} // namespace terse::avx512

#undef TERSE_TARGET

#endif
