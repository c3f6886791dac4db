// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <new>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace terse {

inline constexpr std::size_t cache_line = 64;                  ///< bytes
inline constexpr std::size_t huge_page = std::size_t{1} << 21; ///< bytes

/// Large arrays begin on a huge page, all others on a cache line.
constexpr std::align_val_t alignment_of(std::size_t bytes) {
    return std::align_val_t{bytes >= 2 * huge_page ? huge_page : cache_line};
}

/// Memory for so many bytes. For large arrays the system is asked for huge pages, because with small ones every pass
/// over memory waits for address translations.
inline void* allocate_bytes(std::size_t bytes) {
    void* const memory = ::operator new(bytes, alignment_of(bytes));
#if defined(MADV_HUGEPAGE)
    if (bytes >= 2 * huge_page) ::madvise(memory, bytes, MADV_HUGEPAGE); // if it refuses, nothing is lost
#endif
    return memory;
}

inline void release_bytes(void* memory, std::size_t bytes) noexcept { ::operator delete(memory, alignment_of(bytes)); }

} // namespace terse
