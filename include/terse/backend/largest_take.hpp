// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/view.hpp>
#include <terse/random.hpp>

namespace terse {

/// What take_largest does for one of several workers: e <- b e + a g, of which the largest entries go to `indices` and
/// `values`, as many as there is room for. G is view<B, T const>, momentum_step<B, T> or added_before<B, T>.
template <class B, class T, class G>
struct largest_take {
    T a;
    G g;
    T b;
    view<B, T> e;
    view<B, index_t> indices;
    view<B, T> values;
    random_stream random;
};

} // namespace terse
