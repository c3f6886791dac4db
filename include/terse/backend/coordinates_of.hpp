// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/view.hpp>

namespace terse {

/// Some coordinates of a vector.
template <class B, class T>
struct coordinates_of {
    view<B, T> y;
    view<B, index_t const> indices;
};

} // namespace terse
