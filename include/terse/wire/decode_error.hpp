// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <string>

#include <terse/error.hpp>

namespace terse::wire {

/// What is wrong with bytes that are not a message.
enum class fault : std::uint8_t {
    truncated = 1,   ///< they end too early
    trailing,        ///< more follows after the message
    magic,           ///< they do not begin like a message
    version,         ///< another version of the wire format
    kind,            ///< another kind of message than was asked for
    scalar,          ///< another scalar type
    flags,           ///< unknown flags, or a checksum without its flag
    dimension,       ///< another dimension than was asked for
    checksum,        ///< the CRC32C does not fit
    count,           ///< more entries than coordinates, or another number than the shared support has
    coding,          ///< an unknown coding of indices
    index_range,     ///< an index that is not below the dimension
    index_order,     ///< indices that are not ascending
    index_duplicate, ///< an index that occurs twice
    not_canonical,   ///< the right content, written in another way than the encoder writes it
    scale,           ///< a NaN, infinite or negative scale
    memory,          ///< it would take more memory than the caller allows
    level_range      ///< a level beyond the largest
};

/// Bytes that are no message of the kind, scalar type and dimension that were asked for.
struct decode_error : error {
    fault code;
    std::uint64_t offset; ///< the byte at which it was noticed

    decode_error(fault what, std::uint64_t at, std::string const& text)
        : error("wire: byte " + std::to_string(at) + ": " + text), code(what), offset(at) {}
};

} // namespace terse::wire
