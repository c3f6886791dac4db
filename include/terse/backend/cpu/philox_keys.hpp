// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <terse/random.hpp>

namespace terse {

/// The keys of the ten rounds of Philox, for those who make many blocks of a stream.
struct philox_keys {
    std::array<std::uint64_t, 10> first{}, second{}; ///< below 2^32, and as wide as the products

    explicit philox_keys(random_stream const& random) {
        auto const p = random.get_parameters();
        auto k0 = p.key0, k1 = p.key1;
        for (std::size_t i = 0; i < 10; ++i, k0 += 0x9E3779B9, k1 += 0xBB67AE85) {
            first[i] = k0;
            second[i] = k1;
        }
    }
};

} // namespace terse
