// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

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

} // namespace terse
