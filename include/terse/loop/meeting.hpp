// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <vector>

#include <terse/wire/fold.hpp>

namespace terse {

/// The messages of the hosted workers, and the mean of those of all workers. One per process; it keeps its memory.
template <class M, class B, class T>
struct meeting {
    std::vector<M> messages;
    update<B, T> mean;
    folder<B, T> folding;

    void reset(std::size_t) {}
    template <class A>
    void state(A&) {} // every round makes them anew
};

} // namespace terse
