// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include <cuda_runtime.h>

#include <terse/backend/cuda/cuda_error.cuh>

namespace terse::nccl {

/// Memory of the host that a device reads and writes in the order of a stream, while the host goes on: copies from and
/// to other memory may wait for the stream, and a wait that nobody watches has no end when a peer is missing.
class pinned {
public:
    pinned() = default;
    pinned(pinned&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), capacity_(std::exchange(other.capacity_, 0)) {}
    pinned& operator=(pinned const&) = delete;
    ~pinned() { release(); }

    /// Room for so many bytes, whose contents are undefined. No copy may be under way.
    std::byte* room(std::size_t bytes) {
        if (bytes > capacity_) {
            auto const grown = std::max(bytes, 2 * capacity_);
            release();
            void* fresh = nullptr;
            check_cuda(cudaHostAlloc(&fresh, grown, cudaHostAllocDefault), "cudaHostAlloc");
            data_ = static_cast<std::byte*>(fresh);
            capacity_ = grown;
        }
        return data_;
    }

private:
    void release() noexcept {
        if (data_ != nullptr) cudaFreeHost(data_);
        data_ = nullptr;
        capacity_ = 0;
    }

    std::byte* data_ = nullptr;
    std::size_t capacity_ = 0;
};

} // namespace terse::nccl
