// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace terse::wire {

namespace detail {

constexpr std::array<std::uint32_t, 256> crc32c_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        auto c = i;
        for (int bit = 0; bit < 8; ++bit) c = (c >> 1) ^ ((c & 1) != 0 ? 0x82f63b78u : 0u);
        table[i] = c;
    }
    return table;
}

} // namespace detail

/// CRC-32C (Castagnoli) of the bytes, going on from the checksum of what came before them.
inline std::uint32_t crc32c(std::span<std::byte const> bytes, std::uint32_t before = 0) {
    static constexpr auto table = detail::crc32c_table();
    auto c = ~before;
    for (auto const b : bytes) c = (c >> 8) ^ table[(c ^ static_cast<std::uint32_t>(b)) & 0xff];
    return ~c;
}

} // namespace terse::wire
