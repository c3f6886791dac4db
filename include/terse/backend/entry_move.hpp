// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/view.hpp>

namespace terse {

/// What move_entries does for one of several workers: values_j <- scale e_i for the j-th index i of `from`, and e_i
/// loses it; `indices` becomes a copy of `from`, unless it is the same memory.
template <class B, class T>
struct entry_move {
    view<B, T> e;
    view<B, index_t const> from;
    view<B, index_t> indices;
    T scale;
    view<B, T> values;
};

} // namespace terse
