// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <terse/wire/crc32c.hpp>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

// Mostly mends the checksums of the sections (run/archive.hpp), as far as their lengths make sense.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned int seed) {
    size = LLVMFuzzerMutate(data, size, most);
    if (seed % 16 == 0) return size;
    for (std::size_t at = 0; at < size;) {
        std::size_t const name = 1 + std::size_t{data[at]};
        std::uint64_t content = 0;
        if (size - at < name + sizeof content) break;
        std::memcpy(&content, data + at + name, sizeof content);
        if (size - at - name - sizeof content < sizeof(std::uint32_t) ||
            content > size - at - name - sizeof content - sizeof(std::uint32_t))
            break;
        auto const length = static_cast<std::size_t>(name + sizeof content + content);
        auto const sum = terse::wire::crc32c(std::as_bytes(std::span<std::uint8_t const>(data + at, length)));
        std::memcpy(data + at + length, &sum, sizeof sum);
        at += length + sizeof sum;
    }
    return size;
}
