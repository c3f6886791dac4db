// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <utility>

#include <thrust/copy.h>
#include <thrust/device_free.h>
#include <thrust/device_malloc.h>
#include <thrust/device_ptr.h>
#include <thrust/execution_policy.h>

#include <terse/backend/place.hpp>

namespace terse {

/// Thrust's host systems have no streams.
using device_place = nowhere;
/// There is one device.
inline int device_of_thread() { return 0; }

/// What every Thrust algorithm of the library is told first.
inline auto device_policy() { return thrust::device; }
/// The same, with an allocator for what it needs for a while.
template <class Allocator>
auto device_policy_with(Allocator allocator) {
    return thrust::device(std::move(allocator));
}

inline void* allocate_on_device(std::size_t bytes) { return thrust::device_malloc<char>(bytes).get(); }
inline void release_on_device(void* memory, std::size_t) noexcept {
    thrust::device_free(thrust::device_pointer_cast(static_cast<char*>(memory)));
}

/// n numbers from one kind of memory to the other; when it returns, all are there.
template <class T>
void copy_to_device(T const* from, std::size_t n, T* to) {
    thrust::copy_n(from, n, thrust::device_pointer_cast(to));
}
template <class T>
void copy_to_host(T const* from, std::size_t n, T* to) {
    thrust::copy_n(thrust::device_pointer_cast(from), n, to);
}

/// The first of each of n records of so many bytes.
template <class T>
void copy_to_host(T const* from, std::size_t record_bytes, std::size_t n, T* to) {
    auto const* const bytes = reinterpret_cast<std::byte const*>(from);
    for (std::size_t i = 0; i < n; ++i) copy_to_host(reinterpret_cast<T const*>(bytes + i * record_bytes), 1, to + i);
}

} // namespace terse
