// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/view.hpp>

namespace terse {

/// What take() is given in the place of x when y <- y + a u is still to be made before y <- b y + a' x: whoever takes
/// makes both, in a pass that it makes anyway.
template <class B, class T>
struct added_before {
    T a;
    view<B, T const> u;
    view<B, T const> x;
};

} // namespace terse
