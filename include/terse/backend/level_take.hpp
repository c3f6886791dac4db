// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/backend/view.hpp>
#include <terse/random.hpp>

namespace terse {

/// What take_quantized does for one of several workers: e <- b e + a g, whose levels go to `units` and `words`, and
/// what these say leaves e.
template <class B, class T>
struct level_take {
    T a;
    view<B, T const> g;
    T b;
    view<B, T> e;
    view<B, T> units;
    view<B, std::uint64_t> words;
    random_stream random;
};

} // namespace terse
