// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <cstdint>
#include <cstdlib>

#include <terse/backend/level_bits.hpp>
#include <terse/wire/bit_stream.hpp>

namespace terse::wire {

/// Elias' omega code: n in binary, highest bit first, after the code of its length less one, down to 1; then a 0.
inline void put_omega(bit_writer& out, std::uint32_t n) {
    std::uint32_t groups[6];
    int count = 0;
    for (; n > 1; n = static_cast<std::uint32_t>(std::bit_width(n)) - 1) groups[count++] = n;
    while (count > 0) {
        auto const group = groups[--count];
        for (auto bit = std::bit_width(group); bit-- > 0;) out.put(group >> bit & 1, 1);
    }
    out.put(0, 1);
}
/// Refuses numbers above `most`.
inline std::uint32_t get_omega(bit_reader& in, std::uint32_t most) {
    std::uint32_t n = 1;
    while (in.get() != 0) {
        if (n >= 32) in.fail(fault::level_range, "a level that is larger than the largest");
        std::uint32_t next = 1;
        for (std::uint32_t i = 0; i < n; ++i) next = next << 1 | in.get();
        n = next;
    }
    if (n > most) in.fail(fault::level_range, "a level that is larger than the largest");
    return n;
}

/// The code of |l| + 1, and for other levels than 0 a bit that is 1 for -.
inline void put_level(bit_writer& out, std::int32_t level) {
    put_omega(out, static_cast<std::uint32_t>(std::abs(level)) + 1);
    if (level != 0) out.put(level < 0 ? 1 : 0, 1);
}
inline std::int32_t get_level(bit_reader& in, std::uint32_t most) {
    auto const l = static_cast<std::int32_t>(get_omega(in, most + 1)) - 1;
    return l != 0 && in.get() != 0 ? -l : l;
}

} // namespace terse::wire
