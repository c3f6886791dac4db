// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace terse::wire {

namespace detail {

// [0][b]: the remainder of the byte b; [n][b]: of b and n zeros behind it.
constexpr auto crc32c_tables() {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t b = 0; b < 256; ++b) {
        auto c = b;
        for (int bit = 0; bit < 8; ++bit) c = (c >> 1) ^ ((c & 1) != 0 ? 0x82f63b78u : 0u);
        tables[0][b] = c;
    }
    for (std::size_t n = 1; n < tables.size(); ++n)
        for (std::size_t b = 0; b < 256; ++b)
            tables[n][b] = (tables[n - 1][b] >> 8) ^ tables[0][tables[n - 1][b] & 0xff];
    return tables;
}

} // namespace detail

/// CRC-32C (Castagnoli) of the bytes, going on from the checksum of what came before them.
inline std::uint32_t crc32c(std::span<std::byte const> bytes, std::uint32_t before = 0) {
    static constexpr auto tables = detail::crc32c_tables();
    auto c = ~before;
    auto const byte = [&](std::size_t i) { return static_cast<std::uint32_t>(bytes[i]); };
    std::size_t i = 0;
    for (; bytes.size() - i >= 8; i += 8) // eight bytes at once, whose remainders do not wait for each other
        c = tables[7][(c ^ byte(i)) & 0xff] ^ tables[6][(c >> 8 ^ byte(i + 1)) & 0xff] ^
            tables[5][(c >> 16 ^ byte(i + 2)) & 0xff] ^ tables[4][c >> 24 ^ byte(i + 3)] ^ tables[3][byte(i + 4)] ^
            tables[2][byte(i + 5)] ^ tables[1][byte(i + 6)] ^ tables[0][byte(i + 7)];
    for (; i < bytes.size(); ++i) c = (c >> 8) ^ tables[0][(c ^ byte(i)) & 0xff];
    return ~c;
}

} // namespace terse::wire
