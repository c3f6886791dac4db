// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/natural.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>

namespace terse {

/// SGD with natural compression: w <- w - eta mean C_nat(g_k).
constexpr auto natural_sgd() { return compose(natural{}, no_momentum{}, no_feedback{}); }

} // namespace terse
