// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <terse/wire/bytes.hpp>
#include <terse/wire/precision.hpp>

namespace terse::wire {

/// The version of the wire format, numbered apart from the library's.
inline constexpr std::uint8_t version = 1;

/// What a message holds; `custom` is a type of the user's own.
enum class kind : std::uint8_t {
    custom = 0,
    dense = 1,
    sparse = 2,
    block = 3,
    signs = 4,
    bundle = 5,
    levels = 6,
    sketch = 7,
    support = 8,
    powers = 9,
    composed = 10
};

/// How many kinds there can be: a kind takes half a byte.
inline constexpr std::size_t kinds = 16;

/// Dimensions are below this: counts and the dimensions of parts travel in 7 bytes.
inline constexpr std::uint64_t dimension_limit = std::uint64_t{1} << 56;

/// Bytes before the payload of every message: magic (4), version, kind, scalar type, flags (1 each), worker (4),
/// CRC32C (4), round (8), dimension (8).
inline constexpr std::uint64_t header_bytes = 32;

/// Bytes before every part of a bundle: its kind (1) and its dimension (7).
inline constexpr std::uint64_t part_bytes = 8;

// A kind's byte on the wire is the kind, and above it, in the high half, the precision of the values.
constexpr kind without_precision(kind k) { return kind{static_cast<std::uint8_t>(static_cast<unsigned>(k) & 0x0f)}; }
constexpr precision precision_of(kind k) { return precision{static_cast<std::uint8_t>(static_cast<unsigned>(k) >> 4)}; }

/// Throws unless the kind that was found is the one that is read.
inline void require_kind(reader const& in, kind found, kind wanted) {
    if (found != wanted)
        in.fail(fault::kind, "a message of kind " + std::to_string(static_cast<int>(found)) + ", not " +
                                 std::to_string(static_cast<int>(wanted)));
}

/// The same for kinds whose values may travel in 16 bits; returns how they do.
inline precision require_kind_of_values(reader const& in, kind found, kind wanted) {
    auto const p = precision_of(found);
    require_kind(in, p > precision::bf16 ? found : without_precision(found), wanted);
    return p;
}

/// The kind of a message.
template <class M>
kind kind_of(M const& m) {
    if constexpr (requires { m.current_kind(); })
        return m.current_kind();
    else if constexpr (requires { M::kind; })
        return M::kind;
    else
        return kind::custom;
}

/// The byte that says what a message is, and how its values travel.
template <class M>
std::uint8_t kind_byte(M const& m) {
    if constexpr (requires { m.current_kind_byte(); })
        return m.current_kind_byte();
    else if constexpr (requires { m.precision; })
        return static_cast<std::uint8_t>(static_cast<unsigned>(kind_of(m)) | static_cast<unsigned>(m.precision) << 4);
    else
        return static_cast<std::uint8_t>(kind_of(m));
}

/// A message that has an encoding: its numbers are in memory of the host.
template <class M>
concept Written = requires(M const& m, writer& out) {
    m.write(out);
};

/// The scalar type of a message, `M::scalar`, and of messages that are made of messages.
template <class M>
struct scalar_of {};
template <class M>
    requires requires { typename M::scalar; }
struct scalar_of<M> {
    using type = typename M::scalar;
};

} // namespace terse::wire
