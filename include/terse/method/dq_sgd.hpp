// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/budgeted_quantizer.hpp>
#include <terse/compressor/dynamic_quantizer.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>

namespace terse {

/// DQ-SGD: w <- w - eta mean Q_{s_n}(g_k), where s_n follows the norm of g_k and the round.
constexpr auto dq_sgd(dynamic_quantizer compressor = {}) { return compose(compressor, no_momentum{}, no_feedback{}); }
/// The same under a budget of bits.
constexpr auto dq_sgd(budgeted_quantizer compressor) { return compose(compressor, no_momentum{}, no_feedback{}); }

} // namespace terse
