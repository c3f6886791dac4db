// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "fuzz/message.hpp"

// Where the block begins does not travel: it follows from the worker's number here.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const in = fuzz::as_bytes(data, size);
    fuzz::decode_as_named(in, [&]<class T>(T) {
        terse::block_message<terse::cpu, T> m;
        m.first = fuzz::worker_of(in);
        return m;
    });
    return 0;
}
