// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstring>

#include "fuzz/message.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

// Mostly mends what libFuzzer can hardly hit: the constant part of the header, and the checksum where there is one.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned int seed) {
    size = LLVMFuzzerMutate(data, size, most);
    if (size < terse::wire::header_bytes || seed % 16 == 0) return size;
    std::memcpy(data, &terse::wire::detail::magic, 4);
    data[4] = terse::wire::version;
    data[6] = data[6] >= 128 || data[6] == 8 ? 8 : 4;
    data[7] &= 1;
    std::uint32_t const sum = data[7] == 1 ? terse::wire::detail::checksum(fuzz::as_bytes(data, size)) : 0;
    std::memcpy(data + terse::wire::detail::checksum_offset, &sum, sizeof sum);
    return size;
}
