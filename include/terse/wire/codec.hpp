// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <terse/error.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/crc32c.hpp>
#include <terse/wire/header.hpp>

namespace terse::wire {

/// What a message's header says besides what the message is.
struct envelope {
    std::uint32_t worker = 0;
    std::uint64_t round = 0;
    bool checksum = false; ///< whether a CRC32C protects the message

    friend bool operator==(envelope const&, envelope const&) = default;
};

namespace detail {

inline constexpr std::uint32_t magic = 0x45535254; // "TRSE"
inline constexpr std::size_t checksum_offset = 12;

// of the message, with zeros in the place of the checksum
inline std::uint32_t checksum(std::span<std::byte const> message) {
    constexpr std::byte zeros[4]{};
    auto c = crc32c(message.first(checksum_offset));
    c = crc32c(zeros, c);
    return crc32c(message.subspan(checksum_offset + sizeof zeros), c);
}

} // namespace detail

/// Writes a message of scalar type T; out has exactly message.bytes() bytes, and the dimension is below 2^56, or a
/// dimension_error is thrown.
template <class T, class M>
void encode(M const& message, envelope const& e, std::span<std::byte> out) {
    if (out.size() != message.bytes())
        throw dimension_error("encode: " + std::to_string(out.size()) + " bytes for a message of " +
                              std::to_string(message.bytes()));
    if (message.dimension() >= dimension_limit) throw dimension_error("encode: the dimension has more than 56 bits");
    writer to(out);
    to.put(detail::magic);
    to.put(version);
    to.put(kind_byte(message));
    to.put(static_cast<std::uint8_t>(sizeof(T)));
    to.put(static_cast<std::uint8_t>(e.checksum ? 1 : 0));
    to.put(e.worker);
    to.put(std::uint32_t{0});
    to.put(e.round);
    to.put(std::uint64_t{message.dimension()});
    message.write(to);
    if (e.checksum) writer(out.subspan(detail::checksum_offset)).put(detail::checksum(out));
}

/// Reads a message of scalar type T and of this dimension; every other sequence of bytes is a decode_error. What does
/// not travel (a shared support, where a block begins) must be set in `message`. After an error its contents are
/// unspecified. The numbers and parts that it holds take no more than `limit` bytes, nor more than a fixed multiple of
/// the bytes that are read.
template <class T, class M>
envelope decode(std::span<std::byte const> in, std::uint64_t dimension, M& message, std::uint64_t limit = no_limit) {
    reader from(in, limit);
    if (from.get<std::uint32_t>() != detail::magic) from.fail(fault::magic, "this is not a message");
    if (auto const v = from.get<std::uint8_t>(); v != version)
        from.fail(fault::version, "wire format version " + std::to_string(v) + ", not " + std::to_string(version));
    auto const found = kind{from.get<std::uint8_t>()};
    if (auto const bytes = from.get<std::uint8_t>(); bytes != sizeof(T))
        from.fail(fault::scalar, "scalars of " + std::to_string(bytes) + " bytes, not " + std::to_string(sizeof(T)));
    auto const flags = from.get<std::uint8_t>();
    if (flags > 1) from.fail(fault::flags, "unknown flags");
    envelope e;
    e.checksum = flags == 1;
    e.worker = from.get<std::uint32_t>();
    auto const sum = from.get<std::uint32_t>();
    e.round = from.get<std::uint64_t>();
    auto const d = from.get<std::uint64_t>();
    if (e.checksum && sum != detail::checksum(in)) from.fail(fault::checksum, "the checksum does not fit the message");
    if (!e.checksum && sum != 0) from.fail(fault::flags, "a checksum without its flag");
    if (d != dimension)
        from.fail(fault::dimension, "dimension " + std::to_string(d) + ", not " + std::to_string(dimension));
    if (d >= dimension_limit) from.fail(fault::dimension, "a dimension of more than 56 bits");
    message.read(from, dimension, found);
    if (from.left() != 0) from.fail(fault::trailing, std::to_string(from.left()) + " bytes after the message");
    return e;
}

} // namespace terse::wire
