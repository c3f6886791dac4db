// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

namespace terse {

/// Which learning rate divides w_t - w_{t-1} where momentum is made from it. They differ only when the rate changes.
enum class momentum_lr {
    current, ///< 1/eta_t: heavy ball, w_{t+1} = w_t - eta_t g + beta (w_t - w_{t-1}); the GMC paper's equation (3)
    previous ///< 1/eta_{t-1}: m = beta m + g, w_{t+1} = w_t - eta_t m; as in PyTorch
};

} // namespace terse
