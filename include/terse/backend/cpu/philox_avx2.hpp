// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <terse/backend/cpu/philox.hpp>
#include <terse/random.hpp>

#define TERSE_TARGET [[gnu::target("avx2")]]

namespace terse::avx2 {

TERSE_TARGET inline __m256i all(std::uint32_t x) { return _mm256_set1_epi64x(static_cast<long long>(x)); }
TERSE_TARGET inline __m256i all64(std::uint64_t x) { return _mm256_set1_epi64x(static_cast<long long>(x)); }
TERSE_TARGET inline __m256i upper(__m256i x) { return _mm256_srli_epi64(x, 32); }

/// Eight blocks of a stream from `first` on, a multiple of 8, in the making. Those with even numbers and those with odd
/// ones are two chains in 64-bit lanes, whose upper halves count for nothing.
struct eight_blocks {
    __m256i c0[2], c1[2], c2[2], c3[2];

    TERSE_TARGET eight_blocks(random_stream::parameters const& p, std::uint64_t first) {
        for (unsigned j = 0; j < 2; ++j) {
            c0[j] = _mm256_or_si256(all(static_cast<std::uint32_t>(first)), _mm256_set_epi64x(6 + j, 4 + j, 2 + j, j));
            c1[j] = all(static_cast<std::uint32_t>(first >> 32));
            c2[j] = all(p.worker);
            c3[j] = all(p.round);
        }
    }
    TERSE_TARGET void two_rounds(philox_keys const& keys, std::size_t round) {
        auto const m0 = all(0xD2511F53), m1 = all(0xCD9E8D57);
        auto const key0 = all64(keys.first[round]), key1 = all64(keys.second[round]);
        auto const next0 = all64(keys.first[round + 1]), next1 = all64(keys.second[round + 1]);
        for (unsigned j = 0; j < 2; ++j) {
            auto const x = _mm256_mul_epu32(c0[j], m0), y = _mm256_mul_epu32(c2[j], m1);
            auto const c = _mm256_xor_si256(upper(y), _mm256_xor_si256(c1[j], key0)); // the products come last
            auto const e = _mm256_xor_si256(upper(x), _mm256_xor_si256(c3[j], key1));
            c3[j] = _mm256_mul_epu32(c, m0), c1[j] = _mm256_mul_epu32(e, m1);
            c0[j] = _mm256_xor_si256(upper(c1[j]), _mm256_xor_si256(y, next0));
            c2[j] = _mm256_xor_si256(upper(c3[j]), _mm256_xor_si256(x, next1));
        }
    }
    TERSE_TARGET static void store(__m256i const* c, std::uint32_t* words) {
        auto const both = _mm256_blend_epi32(c[0], _mm256_slli_epi64(c[1], 32), 0xaa);
        _mm256_store_si256(reinterpret_cast<__m256i*>(words), both);
    }
    TERSE_TARGET void store(std::uint32_t* words) const {
        store(c0, words);
        store(c1, words + philox_batch::stride);
        store(c2, words + 2 * philox_batch::stride);
        store(c3, words + 3 * philox_batch::stride);
    }
};

/// The blocks of a batch from `first` on, a multiple of 32, sixteen at a time: four chains, because each waits for its
/// products. `words` are aligned to 32 bytes.
TERSE_TARGET inline void make_blocks(random_stream::parameters const& stream, philox_keys const& keys,
                                     std::uint64_t first, std::uint32_t* words) {
    for (std::size_t b = 0; b < philox_batch::blocks; b += 16) {
        eight_blocks low(stream, first + b), high(stream, first + b + 8);
        for (std::size_t round = 0; round < 10; round += 2) {
            low.two_rounds(keys, round);
            high.two_rounds(keys, round);
        }
        low.store(words + philox_batch::at(b)), high.store(words + philox_batch::at(b + 8));
    }
}

} // namespace terse::avx2

#undef TERSE_TARGET

#endif
