// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <terse/context.hpp>
#include <terse/error.hpp>
#include <terse/wire/codec.hpp>
#include <terse/wire/decode_error.hpp>

namespace terse {

/// A message that is damaged under way: it is encoded with a checksum, up to three bits are flipped or the end is cut
/// off, and it is decoded. Returns what the decoder says is wrong, or nothing for a message that has no encoding.
/// Throws an error if the decoder takes it.
template <class T, class M>
std::optional<wire::fault> damage(M const& message, worker_context const& at) {
    if constexpr (wire::Written<M>) {
        std::vector<std::byte> bytes(message.bytes());
        wire::encode<T>(message, {.worker = at.worker, .round = at.round, .checksum = true}, bytes);
        auto const random = at.random(purpose::fault);
        auto const how = random.below(8, 4);
        if (how == 0) {
            bytes.resize(random.below(9, bytes.size()));
        } else {
            auto const first = random.below(9, 8 * bytes.size());
            for (std::uint64_t i = 0; i < how; ++i) { // different ones
                auto const bit = (first + i * (1 + random.below(10, 64))) % (8 * bytes.size());
                bytes[bit / 8] ^= std::byte{1} << (bit % 8);
            }
        }
        try {
            auto received = message; // knows what does not travel
            wire::decode<T>(bytes, message.dimension(), received);
        } catch (wire::decode_error const& e) {
            return e.code;
        }
        throw error("faults: the decoder takes a damaged message of worker " + std::to_string(at.worker) + ", round " +
                    std::to_string(at.round));
    }
    return std::nullopt;
}

} // namespace terse
