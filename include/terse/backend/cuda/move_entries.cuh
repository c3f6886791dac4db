// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/view.hpp>

namespace terse::kernel {

/// See entry_move.
template <class T>
struct move_entries {
    static constexpr unsigned threads = 256;
    struct shared {};

    T* e;
    index_t const* from;
    index_t* indices;
    std::size_t n;
    T scale;
    T* values;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const j = b.index() * threads + b.thread();
        if (j >= n) return;
        auto const i = from[j];
        if (indices != from) indices[j] = i; // otherwise others may be reading it
        auto const v = scale * e[i];
        values[j] = v;
        e[i] -= v;
    }
};

} // namespace terse::kernel
