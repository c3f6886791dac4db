// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/backend/cuda/block.cuh>

namespace terse::kernel {

/// n things in equal shares for blocks, so few that one block adds up a figure of each quickly.
struct shares {
    static constexpr std::size_t few = 1024;

    std::size_t n;
    std::size_t most = few;

    __host__ __device__ std::size_t each() const { return (n + most - 1) / most; }
    std::size_t count() const { return (n + each() - 1) / each(); }
    __device__ std::size_t begin(std::size_t share) const { return share * each(); }
    __device__ std::size_t end(std::size_t share) const {
        auto const e = (share + 1) * each();
        return e < n ? e : n;
    }
};

} // namespace terse::kernel
