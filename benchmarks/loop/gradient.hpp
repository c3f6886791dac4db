// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cpu.hpp>

/// Worker k's gradient of a round: the same numbers, but elsewhere each time.
inline void write_gradient(terse::view<terse::cpu, float const> numbers, std::uint64_t round, std::size_t k,
                           terse::view<terse::cpu, float> g) {
    auto const d = g.size();
    auto const first = (1'000'003 * round + 7'919 * k) % d;
    terse::cpu::copy(numbers.part(first, d - first), g.part(0, d - first));
    terse::cpu::copy(numbers.part(0, first), g.part(d - first, first));
}
