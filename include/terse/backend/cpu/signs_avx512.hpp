// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <terse/backend/cpu/lanes_avx512.hpp>
#include <terse/backend/cpu/signs_portable.hpp>
#include <terse/backend/cpu/sums_avx512.hpp>
#include <terse/backend/cpu/top_k_avx512.hpp>

#define TERSE_FORM avx512
#define TERSE_TARGET [[gnu::target("avx512f,avx512vl,popcnt")]]

namespace terse::avx512 {

// The lanes that are >= 0.
TERSE_TARGET inline unsigned signs(__m512 v) { return _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_GE_OQ); }
TERSE_TARGET inline unsigned signs(__m512d v) { return _mm512_cmp_pd_mask(v, _mm512_setzero_pd(), _CMP_GE_OQ); }
// y where the bit is 1, otherwise x.
TERSE_TARGET inline __m512 choose(std::uint64_t bits, __m512 x, __m512 y) {
    return _mm512_mask_mov_ps(x, static_cast<__mmask16>(bits), y);
}
TERSE_TARGET inline __m512d choose(std::uint64_t bits, __m512d x, __m512d y) {
    return _mm512_mask_mov_pd(x, static_cast<__mmask8>(bits), y);
}

// x - scale where x >= 0, otherwise x + scale.
TERSE_TARGET inline __m512 less_scaled_sign(__m512 x, float scale) {
    return _mm512_add_ps(x, choose(signs(x), _mm512_set1_ps(scale), _mm512_set1_ps(-scale)));
}
TERSE_TARGET inline __m512d less_scaled_sign(__m512d x, double scale) {
    return _mm512_add_pd(x, choose(signs(x), _mm512_set1_pd(scale), _mm512_set1_pd(-scale)));
}

template <class T>
TERSE_TARGET typename lanes<T>::vector evaluate(resumed<T> s, std::size_t at) {
    using l = lanes<T>;
    auto const e = read(s.e + at);
    auto const x = less_scaled_sign(read(s.x + at), s.scale);
    return s.scaled() ? l::add(l::multiply(l::all(s.b), e), l::multiply(l::all(s.a), x)) : l::add(e, x);
}

// Sixteen numbers v of the source: writes them back, adds their terms to the sums and returns their signs.
template <class Source, class Term>
TERSE_TARGET inline unsigned look_at_sixteen(Source const& source, std::size_t at, sixteen_sums<Term>& sums) {
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

} // namespace terse::avx512

#include <terse/backend/cpu/signs_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET

#endif
