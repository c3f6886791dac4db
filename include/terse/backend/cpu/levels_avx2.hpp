// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <array>
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <terse/backend/cpu/lanes_avx2.hpp>
#include <terse/backend/cpu/levels_portable.hpp>
#include <terse/backend/cpu/signs_avx2.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/random.hpp>

#define TERSE_TARGET [[gnu::target("avx2,popcnt")]]

namespace terse::avx2 {

TERSE_TARGET inline __m256i all(std::uint32_t x) { return _mm256_set1_epi64x(static_cast<long long>(x)); }
TERSE_TARGET inline __m256i upper(__m256i x) { return _mm256_srli_epi64(x, 32); }

/// Sixteen blocks of a stream from `first` on, a multiple of 16: word w of eight neighbours at to[w] and to[4 + w].
/// Blocks with even numbers and those with odd ones are in 64-bit lanes, whose upper halves count for nothing; four
/// chains at a time, because one round waits for the other.
TERSE_TARGET inline void sixteen_blocks(random_stream::parameters const& p, std::uint64_t first, __m256i* to) {
    auto const m0 = all(0xD2511F53), m1 = all(0xCD9E8D57);
    auto const even = _mm256_set_epi64x(6, 4, 2, 0);
    auto const low = all(static_cast<std::uint32_t>(first));
    __m256i c0[4], c1[4], c2[4], c3[4];
    for (unsigned j = 0; j < 4; ++j) {
        c0[j] = _mm256_or_si256(low, _mm256_or_si256(even, all(j / 2 * 8 + j % 2)));
        c1[j] = all(static_cast<std::uint32_t>(first >> 32));
        c2[j] = all(p.worker);
        c3[j] = all(p.round);
    }
    auto k0 = p.key0, k1 = p.key1;
    for (int round = 0; round < 10; ++round) {
        auto const key0 = all(k0), key1 = all(k1);
        for (unsigned j = 0; j < 4; ++j) {
            auto const x = _mm256_mul_epu32(c0[j], m0), y = _mm256_mul_epu32(c2[j], m1);
            c0[j] = _mm256_xor_si256(_mm256_xor_si256(upper(y), c1[j]), key0);
            c2[j] = _mm256_xor_si256(_mm256_xor_si256(upper(x), c3[j]), key1);
            c1[j] = y;
            c3[j] = x;
        }
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    for (std::size_t j = 0; j < 2; ++j) {
        to[4 * j] = _mm256_blend_epi32(c0[2 * j], _mm256_slli_epi64(c0[2 * j + 1], 32), 0xaa);
        to[4 * j + 1] = _mm256_blend_epi32(c1[2 * j], _mm256_slli_epi64(c1[2 * j + 1], 32), 0xaa);
        to[4 * j + 2] = _mm256_blend_epi32(c2[2 * j], _mm256_slli_epi64(c2[2 * j + 1], 32), 0xaa);
        to[4 * j + 3] = _mm256_blend_epi32(c3[2 * j], _mm256_slli_epi64(c3[2 * j + 1], 32), 0xaa);
    }
}

TERSE_TARGET inline __m256i largest_of(__m256i x, __m256 v) {
    return _mm256_max_epi32(x, _mm256_and_si256(_mm256_castps_si256(v), _mm256_set1_epi32(0x7fffffff)));
}
TERSE_TARGET inline __m256i largest_of(__m256i x, __m256d v) {
    auto const m = _mm256_and_si256(_mm256_castpd_si256(v), _mm256_set1_epi64x(0x7fffffffffffffff));
    return _mm256_blendv_epi8(x, m, _mm256_cmpgt_epi64(m, x));
}

/// The largest magnitude of the source's numbers at first .. first + n - 1; returns how many it looked at.
template <class Source, class T>
TERSE_TARGET std::size_t largest_magnitude(Source const& source, std::size_t first, std::size_t n,
                                           magnitude_t<T>& largest) {
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

/// How the numbers of a bucket are rounded, see level_of.
template <class T>
struct rounding {
    typename lanes<T>::vector unit, factor, most;

    TERSE_TARGET rounding(T u, std::uint32_t levels)
        : unit(lanes<T>::all(u)), factor(lanes<T>::all(T(65536) / u)),
          most(lanes<T>::all(static_cast<T>(levels << 16))) {}
};

/// The levels of eight numbers. What sixteen bits do not decide shows as 0xffff in the lower halves of `carries`.
/// Writes what the levels leave of the numbers, if asked to.
template <bool Takes>
TERSE_TARGET __m256i round_eight(float const* x, rounding<float> const& by, __m256i draw, __m256i& carries, float* e) {
    auto const v = _mm256_loadu_ps(x);
    auto const m = _mm256_and_ps(v, _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff)));
    auto const whole = _mm256_cvttps_epi32(_mm256_min_ps(_mm256_mul_ps(m, by.factor), by.most));
    auto const sum = _mm256_add_epi32(whole, draw);
    carries = _mm256_max_epu16(carries, sum);
    auto const level =
        _mm256_sign_epi32(_mm256_srli_epi32(sum, 16), _mm256_or_si256(_mm256_castps_si256(v), _mm256_set1_epi32(1)));
    if constexpr (Takes) _mm256_storeu_ps(e, _mm256_sub_ps(v, _mm256_mul_ps(by.unit, _mm256_cvtepi32_ps(level))));
    return level;
}
template <bool Takes>
TERSE_TARGET __m128i round_four(double const* x, rounding<double> const& by, __m128i draw, __m128i& carries,
                                double* e) {
    auto const v = _mm256_loadu_pd(x);
    auto const m = _mm256_and_pd(v, _mm256_castsi256_pd(_mm256_set1_epi64x(0x7fffffffffffffff)));
    auto const whole = _mm256_cvttpd_epi32(_mm256_min_pd(_mm256_mul_pd(m, by.factor), by.most));
    auto const sum = _mm_add_epi32(whole, draw);
    carries = _mm_max_epu16(carries, sum);
    auto const halves = _mm256_castpd_ps(v);
    auto const high =
        _mm_castps_si128(_mm_shuffle_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps(halves, 1), 0xdd));
    auto const level = _mm_sign_epi32(_mm_srli_epi32(sum, 16), _mm_or_si128(high, _mm_set1_epi32(1)));
    if constexpr (Takes) _mm256_storeu_pd(e, _mm256_sub_pd(v, _mm256_mul_pd(by.unit, _mm256_cvtepi32_pd(level))));
    return level;
}
template <bool Takes>
TERSE_TARGET __m256i round_eight(double const* x, rounding<double> const& by, __m256i draw, __m256i& carries,
                                 double* e) {
    auto low_carries = _mm_setzero_si128(), high_carries = low_carries;
    auto const low = round_four<Takes>(x, by, _mm256_castsi256_si128(draw), low_carries, e);
    auto const high = round_four<Takes>(x + 4, by, _mm256_extracti128_si256(draw, 1), high_carries, e + 4);
    carries = _mm256_max_epu16(carries, _mm256_set_m128i(high_carries, low_carries));
    return _mm256_set_m128i(high, low);
}

/// 32 levels of at most eight bits as bytes.
TERSE_TARGET inline __m256i as_bytes(__m256i const* eight) {
    auto const words =
        _mm256_packs_epi16(_mm256_packs_epi32(eight[0], eight[1]), _mm256_packs_epi32(eight[2], eight[3]));
    return _mm256_permutevar8x32_epi32(words, _mm256_set_epi32(7, 3, 6, 2, 5, 1, 4, 0));
}

/// The 64 levels of a group, packed.
TERSE_TARGET inline void pack_group(__m256i const* eight, unsigned width, std::uint64_t* words) {
    if (width == 8 || width == 4 || width == 2) {
        auto low = as_bytes(eight), high = as_bytes(eight + 4);
        auto* const to = reinterpret_cast<__m256i*>(words);
        if (width == 8) {
            _mm256_storeu_si256(to, low);
            _mm256_storeu_si256(to + 1, high);
            return;
        }
        // Neighbours make one number: lower + 2^width upper.
        auto const mask = _mm256_set1_epi8(width == 4 ? 0x0f : 0x03);
        auto const pairs = _mm256_set1_epi16(width == 4 ? 0x1001 : 0x0401);
        low = _mm256_maddubs_epi16(_mm256_and_si256(low, mask), pairs);
        high = _mm256_maddubs_epi16(_mm256_and_si256(high, mask), pairs);
        if (width == 4) {
            _mm256_storeu_si256(to, _mm256_permute4x64_epi64(_mm256_packus_epi16(low, high), 0xd8));
            return;
        }
        auto const fours = _mm256_set1_epi32(0x00100001);
        low = _mm256_madd_epi16(low, fours);
        high = _mm256_madd_epi16(high, fours);
        auto const packed = _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xd8); // sixteen of 16 bits
        auto const bytes = _mm_packus_epi16(_mm256_castsi256_si128(packed), _mm256_extracti128_si256(packed, 1));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(words), bytes);
        return;
    }
    std::array<std::int32_t, level_group> levels;
    for (std::size_t j = 0; j < 8; ++j)
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(levels.data() + 8 * j), eight[j]);
    portable::pack_group(levels.data(), level_group, width, words);
}

/// Whole groups of coordinates begin .. end - 1 of one bucket, whose unit is not tiny; returns where it stopped.
template <bool Takes, class T>
TERSE_TARGET std::size_t round_groups(T const* x, std::size_t begin, std::size_t end, T const* units,
                                      level_grid const& grid, random_stream const& random, std::uint64_t* words, T* e,
                                      T const* ahead_x, T const* ahead_g) {
    constexpr std::size_t line = 64 / sizeof(T);
    rounding<T> const by(units[begin / grid.bucket], grid.levels);
    auto const width = grid.width();
    auto const stream = random.get_parameters();
    __m256i draws[8];
    if (begin + level_group <= end) sixteen_blocks(stream, begin / 128 * 16, draws);
    alignas(32) T rest[level_group];
    for (; begin + level_group <= end; begin += level_group) {
        if (ahead_x != nullptr)
            for (std::size_t j = 0; j < level_group; j += line) {
                __builtin_prefetch(ahead_x + begin + j, 1);
                __builtin_prefetch(ahead_g + begin + j);
            }
        auto const second = begin / level_group % 2;
        if (second == 0) sixteen_blocks(stream, begin / 8, draws);
        __m256i levels[8];
        auto carries = _mm256_setzero_si256();
        for (std::size_t w = 0; w < 4; ++w) {
            auto const draw = draws[4 * second + w];
            auto const at = 16 * w;
            auto const low = _mm256_and_si256(draw, _mm256_set1_epi32(0xffff));
            levels[2 * w] = round_eight<Takes>(x + begin + at, by, low, carries, rest + at);
            levels[2 * w + 1] =
                round_eight<Takes>(x + begin + at + 8, by, _mm256_srli_epi32(draw, 16), carries, rest + at + 8);
        }
        auto const undecided = _mm256_cmpeq_epi16(carries, _mm256_set1_epi16(-1));
        if (!_mm256_testz_si256(undecided, _mm256_set1_epi32(0xffff))) { // one group of a thousand
            portable::round_and_pack<T>(x, begin, begin + level_group, units, grid, random, words, e);
            continue;
        }
        pack_group(levels, width, words + begin / level_group * width);
        if constexpr (Takes)
            for (std::size_t j = 0; j < level_group; j += lanes<T>::count)
                lanes<T>::store(e + begin + j, lanes<T>::load(rest + j));
    }
    return begin;
}

/// Eight levels of 2, 4 or 8 bits.
template <unsigned Width>
TERSE_TARGET __m256i eight_levels(unsigned char const* p) {
    if constexpr (Width == 8) {
        return _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<__m128i const*>(p)));
    } else {
        int bits = 0;
        __builtin_memcpy(&bits, p, Width);
        auto const step = _mm256_set_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        auto const to_the_top =
            _mm256_add_epi32(_mm256_set1_epi32(32 - 8 * Width), _mm256_slli_epi32(step, Width == 4 ? 2 : 1));
        return _mm256_srai_epi32(_mm256_sllv_epi32(_mm256_set1_epi32(bits), to_the_top), 32 - Width);
    }
}
TERSE_TARGET inline void add_eight(float a, __m256i levels, float* y) {
    auto const x = _mm256_mul_ps(_mm256_set1_ps(a), _mm256_cvtepi32_ps(levels));
    _mm256_storeu_ps(y, _mm256_add_ps(_mm256_loadu_ps(y), x));
}
TERSE_TARGET inline void add_eight(double a, __m256i levels, double* y) {
    auto const low = _mm256_cvtepi32_pd(_mm256_castsi256_si128(levels));
    auto const high = _mm256_cvtepi32_pd(_mm256_extracti128_si256(levels, 1));
    auto const all = _mm256_set1_pd(a);
    _mm256_storeu_pd(y, _mm256_add_pd(_mm256_loadu_pd(y), _mm256_mul_pd(all, low)));
    _mm256_storeu_pd(y + 4, _mm256_add_pd(_mm256_loadu_pd(y + 4), _mm256_mul_pd(all, high)));
}

template <unsigned Width, class T>
TERSE_TARGET void add_group(T a, std::uint64_t const* words, T* y) {
    auto const* p = reinterpret_cast<unsigned char const*>(words);
    for (std::size_t j = 0; j < level_group; j += 8, p += Width) add_eight(a, eight_levels<Width>(p), y + j);
}

/// y_i += a l_i for the whole groups of coordinates begin .. end - 1; returns where it stopped.
template <class T>
TERSE_TARGET std::size_t add_levels(T a, std::uint64_t const* words, unsigned width, T* y, std::size_t begin,
                                    std::size_t end) {
    for (; begin + level_group <= end; begin += level_group) {
        auto const* const group = words + begin / level_group * width;
        if (width == 8) {
            add_group<8>(a, group, y + begin);
        } else if (width == 4) {
            add_group<4>(a, group, y + begin);
        } else if (width == 2) {
            add_group<2>(a, group, y + begin);
        } else {
            std::array<std::int32_t, level_group> levels;
            portable::unpack_group(group, level_group, width, levels.data());
            for (std::size_t j = 0; j < level_group; j += 8)
                add_eight(a, _mm256_loadu_si256(reinterpret_cast<__m256i const*>(levels.data() + j)), y + begin + j);
        }
    }
    return begin;
}

} // namespace terse::avx2

#undef TERSE_TARGET

#endif
