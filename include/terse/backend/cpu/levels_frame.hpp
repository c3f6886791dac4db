// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Packing and adding levels for one instruction set, as top_k_frame.hpp: vectors of 32 bytes in either case, because
// memory is what it waits for.
#if defined(TERSE_FORM)

namespace terse::TERSE_FORM {

/// The lanes of the squares of n numbers of the source from `first` on, sixteen at a time; returns where it stopped.
template <class Source>
TERSE_TARGET std::size_t square(Source const& source, std::size_t first, std::size_t n, double* lane) {
    auto const own = source; // which what it writes cannot be part of
    sixteen_sums<squares> sums;
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16) look_at_sixteen(own, first + i, sums);
    sums.store(lane);
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

} // namespace terse::TERSE_FORM

#endif
