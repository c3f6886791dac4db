// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/thrust/element.cuh>
#include <terse/backend/view.hpp>

namespace terse::kernel {

/// Adds to `bytes` those of ascending indices as gaps, see wire/sparse.hpp.
struct delta_bytes {
    static constexpr unsigned threads = 256;
    struct shared {
        block_sums<threads, std::uint64_t> sums;
    };

    index_t const* indices;
    std::size_t n;
    std::uint64_t* bytes;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        std::uint64_t mine = 0;
        for (auto j = b.index() * threads + b.thread(); j < n; j += b.blocks() * threads)
            mine += element::gap_bytes{indices}(j);
        auto const all = b.template shared<shared>().sums(b, mine).all;
        if (b.thread() == 0) b.add(bytes, all);
    }
};

} // namespace terse::kernel
