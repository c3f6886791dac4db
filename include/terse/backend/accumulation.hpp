// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <span>

#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>

namespace terse {

/// What accumulate does for one of several workers: y <- b y + a x.
template <class B, class T>
struct accumulation {
    T a;
    view<B, T const> x;
    T b;
    view<B, T> y;
};

/// Backends that make several sums in the launches of one.
template <class B, class T>
concept AccumulatesForAll = requires(std::span<accumulation<B, T> const> all, scratch<B>& temporary) {
    B::accumulate(all, temporary).found();
};

} // namespace terse
