// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "fuzz/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    fuzz::decode_as_named(fuzz::as_bytes(data, size),
                          []<class T>(T) { return terse::sketch_message<terse::cpu, T>(); });
    return 0;
}
