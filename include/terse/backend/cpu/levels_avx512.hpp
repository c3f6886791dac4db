// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <immintrin.h>

#include <terse/backend/cpu/lanes_avx512.hpp>
#include <terse/backend/cpu/levels_portable.hpp>
#include <terse/backend/cpu/philox_keys.hpp>
#include <terse/backend/cpu/signs_avx512.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/random.hpp>

#define TERSE_FORM avx512
#define TERSE_TARGET [[gnu::target("avx512f,avx512vl,avx512bw,avx512dq,popcnt")]]
#include <terse/backend/cpu/levels_frame.hpp>

namespace terse::avx512 {

/// Eight blocks of a stream in the making, every second one: in 64-bit lanes, whose upper halves count for nothing.
struct philox_chain {
    __m512i c0, c1, c2, c3;

    TERSE_TARGET philox_chain(random_stream::parameters const& p, std::uint64_t first)
        : c0(_mm512_add_epi64(_mm512_set1_epi64(static_cast<long long>(first & 0xffffffff)),
                              _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0))),
          c1(_mm512_set1_epi64(static_cast<long long>(first >> 32))), c2(_mm512_set1_epi64(p.worker)),
          c3(_mm512_set1_epi64(p.round)) {}

    // Masked forms with full masks, because g++ 12 takes the others for reads of an uninitialized register.
    TERSE_TARGET static __m512i product(__m512i x, __m512i y) { return _mm512_maskz_mul_epu32(0xff, x, y); }
    TERSE_TARGET static __m512i upper(__m512i x) { return _mm512_maskz_srli_epi64(0xff, x, 32); }
    TERSE_TARGET static __m512i different(__m512i x, __m512i y, __m512i z) {
        return _mm512_ternarylogic_epi64(x, y, z, 0x96);
    }
    TERSE_TARGET static __m512i key(std::uint64_t k) { return _mm512_set1_epi64(static_cast<long long>(k)); }
    TERSE_TARGET void two_rounds(philox_keys const& keys, std::size_t round) {
        auto const m0 = key(0xD2511F53), m1 = key(0xCD9E8D57);
        auto const x = product(c0, m0), y = product(c2, m1);
        auto const c = different(upper(y), c1, key(keys.first[round])); // the products come last
        auto const e = different(upper(x), c3, key(keys.second[round]));
        c3 = product(c, m0), c1 = product(e, m1);
        c0 = different(upper(c1), y, key(keys.first[round + 1]));
        c2 = different(upper(c3), x, key(keys.second[round + 1]));
    }
};

/// Sixteen blocks from `first` on, a multiple of 16: the draws of two groups.
struct two_draws {
    philox_chain even, odd;

    TERSE_TARGET two_draws(random_stream::parameters const& p, philox_keys const& keys, std::uint64_t first)
        : even(p, first), odd(p, first + 1) {
        // Not a loop, which g++ leaves one with -O2.
        even.two_rounds(keys, 0), odd.two_rounds(keys, 0);
        even.two_rounds(keys, 2), odd.two_rounds(keys, 2);
        even.two_rounds(keys, 4), odd.two_rounds(keys, 4);
        even.two_rounds(keys, 6), odd.two_rounds(keys, 6);
        even.two_rounds(keys, 8), odd.two_rounds(keys, 8);
    }

    /// Sixteen random bits for each of the coordinates 16 w .. 16 w + 15 of the first or the second group, from word w
    /// of the blocks with even and odd numbers: the lower halves of eight, then their upper ones.
    template <bool Second>
    TERSE_TARGET static __m512i of(__m512i even, __m512i odd) {
        constexpr int o = Second ? 16 : 0; // in halves of 32 bits; 32 and more are the odd chain's
        auto const lower = _mm256_set_epi32(o + 44, o + 12, o + 40, o + 8, o + 36, o + 4, o + 32, o);
        auto const order = _mm512_maskz_inserti64x4(0xff, _mm512_maskz_broadcast_i64x4(0xff, lower),
                                                    _mm256_add_epi32(lower, _mm256_set1_epi32(1)), 1);
        return _mm512_maskz_permutex2var_epi16(0x55555555, even, order, odd);
    }
};

TERSE_TARGET inline __m512i magnitudes_of(__m512 v) {
    return _mm512_and_si512(_mm512_castps_si512(v), _mm512_set1_epi32(0x7fffffff));
}
TERSE_TARGET inline __m512i magnitudes_of(__m512d v) {
    return _mm512_and_si512(_mm512_castpd_si512(v), _mm512_set1_epi64(0x7fffffffffffffff));
}
TERSE_TARGET inline __m512i larger(__m512i x, __m512 v) { return _mm512_maskz_max_epi32(0xffff, x, magnitudes_of(v)); }
TERSE_TARGET inline __m512i larger(__m512i x, __m512d v) { return _mm512_maskz_max_epi64(0xff, x, magnitudes_of(v)); }

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
    std::array<magnitude_t<T>, 2 * l::count> each;
    _mm512_storeu_si512(each.data(), most0);
    _mm512_storeu_si512(each.data() + l::count, most1);
    for (auto const m : each) largest = m > largest ? m : largest;
    return i;
}

/// How the numbers of a bucket are rounded, see level_of.
template <class T>
struct rounding {
    typename lanes<T>::vector unit, factor, most;

    TERSE_TARGET rounding(T u, std::uint32_t levels)
        : unit(lanes<T>::all(u)), factor(lanes<T>::all(T(65536) / u)),
          most(lanes<T>::all(static_cast<T>(levels << 16))) {}
};

/// What _mm512_range makes of x and y: min(|x|, |y|).
inline constexpr int lesser_magnitude = 0b1010;

TERSE_TARGET inline __m256i low_half(__m512i x) { return _mm512_maskz_extracti64x4_epi64(0xff, x, 0); }
TERSE_TARGET inline __m256i high_half(__m512i x) { return _mm512_maskz_extracti64x4_epi64(0xff, x, 1); }

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
template <bool Takes, bool Second, class T>
TERSE_TARGET inline bool round_group(T const* x, rounding<T> const& by, two_draws const& draws, unsigned width,
                                     std::uint64_t* words, T* e) {
    auto carries = _mm512_setzero_si512();
    // Nor is this a loop.
    auto const l0 = level_of_sixteen(x, by, draws.template of<Second>(draws.even.c0, draws.odd.c0), carries);
    auto const l1 = level_of_sixteen(x + 16, by, draws.template of<Second>(draws.even.c1, draws.odd.c1), carries);
    auto const l2 = level_of_sixteen(x + 32, by, draws.template of<Second>(draws.even.c2, draws.odd.c2), carries);
    auto const l3 = level_of_sixteen(x + 48, by, draws.template of<Second>(draws.even.c3, draws.odd.c3), carries);
    if (_mm512_mask_cmpeq_epi16_mask(0x55555555, carries, _mm512_set1_epi16(-1)) != 0) return false;
    pack_levels(l0, l1, l2, l3, width, words);
    if constexpr (Takes) {
        subtract_sixteen(x, by, l0, e), subtract_sixteen(x + 16, by, l1, e + 16);
        subtract_sixteen(x + 32, by, l2, e + 32), subtract_sixteen(x + 48, by, l3, e + 48);
    }
    return true;
}

/// Whole groups of coordinates begin .. end - 1 of one bucket, whose unit is not tiny; returns where it stopped.
template <bool Takes, class T>
TERSE_TARGET std::size_t round_groups(T const* x, std::size_t begin, std::size_t end, T const* units,
                                      level_grid const& grid, random_stream const& random, philox_keys const& keys,
                                      std::uint64_t* words, T* e, T const* ahead_x, T const* ahead_g) {
    rounding<T> const by(units[begin / grid.bucket], grid.levels);
    auto const width = grid.width();
    auto const stream = random.get_parameters();
    while (begin + level_group <= end) {
        auto second = begin / level_group % 2 != 0;
        two_draws const draws(stream, keys, (begin / level_group - (second ? 1 : 0)) * 8);
        for (;; second = true) {
            portable::ask_for_group(ahead_x, ahead_g, begin);
            auto* const packed = words + begin / level_group * width;
            auto* const left = e + (Takes ? begin : 0);
            bool const decided = second ? round_group<Takes, true>(x + begin, by, draws, width, packed, left)
                                        : round_group<Takes, false>(x + begin, by, draws, width, packed, left);
            if (!decided) portable::round_and_pack<T>(x, begin, begin + level_group, units, grid, random, words, e);
            begin += level_group;
            if (second || begin + level_group > end) break;
        }
    }
    return begin;
}

} // namespace terse::avx512

#undef TERSE_FORM
#undef TERSE_TARGET

#endif
