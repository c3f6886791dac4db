// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/qsgd.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>

namespace terse {

/// QSGD: w <- w - eta mean Q_s(g_k).
constexpr auto qsgd_sgd(qsgd compressor = {}) { return compose(compressor, no_momentum{}, no_feedback{}); }

} // namespace terse
