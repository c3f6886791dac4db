// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/view.hpp>

namespace terse {

/// What scale does for one of several workers: y <- a y.
template <class B, class T>
struct scaling {
    T a;
    view<B, T> y;
};

} // namespace terse
