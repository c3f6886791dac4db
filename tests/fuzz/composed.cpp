// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "fuzz/message.hpp"

// Entries whose values are levels, or signs where the worker's number is odd.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using terse::composed_message;
    using terse::cpu;
    auto const in = fuzz::as_bytes(data, size);
    if (fuzz::worker_of(in) % 2 == 0)
        fuzz::decode_as_named(in, []<class T>(T) { return composed_message<cpu, T, terse::level_message<cpu, T>>(); });
    else
        fuzz::decode_as_named(in, []<class T>(T) { return composed_message<cpu, T, terse::sign_message<cpu, T>>(); });
    return 0;
}
