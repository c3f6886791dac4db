// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/feedback/detached_feedback.hpp>

namespace terse {

/// SAEF's step ahead: the gradient is taken at w - e_k, residuals are steps of the model, averaged every `period`
/// rounds (0 for never).
constexpr detached_feedback step_ahead(std::uint64_t period = 0) {
    return {.lambda = 1.0, .units = units::model, .average_every = period};
}

} // namespace terse
