// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <thrust/functional.h> // brings __device__ to other compilers than nvcc

#include <terse/random.hpp>

namespace terse::element {

/// Philox4x32-10.
struct philox {
    random_stream::parameters p;

    struct block {
        std::uint32_t word[4];
    };
    __host__ __device__ block operator()(std::uint64_t index) const {
        std::uint32_t c0 = static_cast<std::uint32_t>(index), c1 = static_cast<std::uint32_t>(index >> 32);
        std::uint32_t c2 = p.worker, c3 = p.round, k0 = p.key0, k1 = p.key1;
        for (int round = 0; round < 10; ++round) {
            auto const x = std::uint64_t{0xD2511F53} * c0, y = std::uint64_t{0xCD9E8D57} * c2;
            c0 = static_cast<std::uint32_t>(y >> 32) ^ c1 ^ k0;
            c2 = static_cast<std::uint32_t>(x >> 32) ^ c3 ^ k1;
            c1 = static_cast<std::uint32_t>(y);
            c3 = static_cast<std::uint32_t>(x);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return {{c0, c1, c2, c3}};
    }
};

} // namespace terse::element
