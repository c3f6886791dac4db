// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/buffer.hpp>
#include <terse/backend/scratch.hpp>

namespace terse {

/// What a thread needs besides the worker that it runs.
template <class B, class T>
struct thread_memory {
    scratch<B> temporary;
    buffer<B, T> start; ///< where the momentum takes a gradient, if not at w
    buffer<B, T> point; ///< where a detached gradient is taken
};

} // namespace terse
