// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/compressor/power_sgd.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/server_momentum.hpp>

namespace terse {

struct power_sgd_momentum_options {
    std::size_t rank = 2;
    schedule beta = 0.9;
    momentum_lr lr = momentum_lr::previous;
    bool adds_update = false; ///< w <- w - eta (u + m), as in the paper's Algorithm 2, in place of w - eta m
    bool warm_start = true;
    power_sgd::residual keeps = power_sgd::residual::aggregated;
};

/// PowerSGD with error feedback (PowerSGD paper, Algorithm 2) on the matrices of a layout; momentum m <- beta m + u
/// after the workers' gradients are put together.
inline auto power_sgd_momentum(layout matrices, power_sgd_momentum_options o = {}) {
    return compose(
        power_sgd{.rank = o.rank, .layout = std::move(matrices), .warm_start = o.warm_start, .keeps = o.keeps},
        server_momentum{.beta = o.beta, .lr = o.lr, .adds_update = o.adds_update}, standard_feedback{});
}

} // namespace terse
