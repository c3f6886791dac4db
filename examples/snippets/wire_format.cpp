// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

#include <cstddef>
#include <span>
#include <vector>

#include <terse/terse.hpp>

int main() {
    std::vector<float> const v(1000, 1.0F);
    terse::scratch<terse::cpu> temporary;
    terse::sparse_message<terse::cpu, float> sent;
    terse::top_k{.count = 5}.compress(terse::view<terse::cpu, float const>(v.data(), v.size()), sent,
                                      terse::context<terse::cpu>{{}, 0, &temporary});
    // [round_trip]
    std::vector<std::byte> bytes(sent.bytes());
    terse::wire::encode<float>(sent, {.worker = 3, .round = 17, .checksum = true}, bytes);

    terse::sparse_message<terse::cpu, float> received;
    auto const envelope = terse::wire::decode<float>(std::span<std::byte const>(bytes), 1000, received);
    // [round_trip]
    return envelope.worker == 3 && received.values.size() == 5 ? 0 : 1;
}
