// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "fuzz/message.hpp"

// Receivers whose worker's number is odd share a support: as many of the first coordinates as (number / 2) mod 64.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const in = fuzz::as_bytes(data, size);
    fuzz::decode_as_named(in, [&]<class T>(T) {
        terse::sparse_message<terse::cpu, T> m;
        auto const worker = fuzz::worker_of(in);
        auto const d = fuzz::dimension_of(in);
        if (worker % 2 == 1) {
            m.reset(d, std::min<std::uint64_t>(d, worker / 2 % 64), true);
            for (std::size_t j = 0; j < m.indices.size(); ++j) m.indices[j] = j;
        }
        return m;
    });
    return 0;
}
