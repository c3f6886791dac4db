// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/identity.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>

namespace terse {

/// Distributed SGD: w <- w - eta mean g_k.
constexpr auto dsgd() { return compose(identity{}, no_momentum{}, no_feedback{}); }

} // namespace terse
