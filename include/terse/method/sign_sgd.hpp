// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/scaled_sign.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>

namespace terse {

/// Scaled sign SGD without feedback: w <- w - eta mean (||g_k||_1 / d) sign(g_k).
constexpr auto sign_sgd() { return compose(scaled_sign{}, no_momentum{}, no_feedback{}); }

} // namespace terse
