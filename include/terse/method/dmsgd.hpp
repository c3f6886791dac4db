// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/identity.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/global_momentum.hpp>

namespace terse {

struct dmsgd_options {
    schedule beta = 0.9;
    momentum_lr lr = momentum_lr::current; ///< previous: PyTorch's momentum
};

/// Distributed momentum SGD with global momentum: w_{t+1} = w_t - eta mean g_k + beta (w_t - w_{t-1}) (GMC paper, eq.
/// 3).
constexpr auto dmsgd(dmsgd_options o = {}) {
    return compose(identity{}, global_momentum{.beta = o.beta, .lr = o.lr}, no_feedback{});
}

} // namespace terse
