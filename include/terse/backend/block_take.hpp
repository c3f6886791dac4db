// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>

#include <terse/backend/accumulation.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>

namespace terse {

/// What take_block does for one of several workers: after the sum, coordinates `first`, .. of sum.y, going on at 0
/// after the last, move to `values`, as many as there is room for.
template <class B, class T>
struct block_take {
    accumulation<B, T> sum;
    std::size_t first;
    view<B, T> values;
    /// Whether what is not finite leaves 0, as everything else does, and not NaN, as if it were subtracted. Only where
    /// the block is the whole vector, from its beginning.
    bool clears = false;
};

/// Backends that have take_block for several workers.
template <class B, class T>
concept TakesBlocks = requires(std::span<block_take<B, T> const> all, scratch<B>& temporary) {
    B::take_block(all, temporary).found();
};

} // namespace terse
