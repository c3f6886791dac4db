// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <terse/backend/cpu/philox.hpp>
#include <terse/random.hpp>

#define TERSE_TARGET [[gnu::target("avx512f,avx512vl,avx512bw,avx512dq")]]

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

/// Sixteen blocks from `first` on, a multiple of 16.
struct sixteen_blocks {
    philox_chain even, odd;

    TERSE_TARGET sixteen_blocks(random_stream::parameters const& p, std::uint64_t first)
        : even(p, first), odd(p, first + 1) {}

    TERSE_TARGET void two_rounds(philox_keys const& keys, std::size_t round) {
        even.two_rounds(keys, round);
        odd.two_rounds(keys, round);
    }
    TERSE_TARGET static void store(__m512i even, __m512i odd, std::uint32_t* words) {
        _mm512_store_si512(words, _mm512_mask_shuffle_epi32(even, 0xaaaa, odd, _MM_PERM_CCAA));
    }
    TERSE_TARGET void store(std::uint32_t* words) const {
        store(even.c0, odd.c0, words);
        store(even.c1, odd.c1, words + philox_batch::stride);
        store(even.c2, odd.c2, words + 2 * philox_batch::stride);
        store(even.c3, odd.c3, words + 3 * philox_batch::stride);
    }
};

/// The blocks of a batch from `first` on, a multiple of 32: four chains, because each waits for its products. `words`
/// are aligned to 64 bytes.
TERSE_TARGET inline void make_blocks(random_stream::parameters const& stream, philox_keys const& keys,
                                     std::uint64_t first, std::uint32_t* words) {
    sixteen_blocks low(stream, first), high(stream, first + 16);
    // Not a loop, which g++ leaves one with -O2.
    low.two_rounds(keys, 0), high.two_rounds(keys, 0);
    low.two_rounds(keys, 2), high.two_rounds(keys, 2);
    low.two_rounds(keys, 4), high.two_rounds(keys, 4);
    low.two_rounds(keys, 6), high.two_rounds(keys, 6);
    low.two_rounds(keys, 8), high.two_rounds(keys, 8);
    low.store(words);
    high.store(words + philox_batch::words / 2);
}

} // namespace terse::avx512

#undef TERSE_TARGET

#endif
