// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

namespace terse {

/// How a run is doing, averaged over the workers; measured on request, because it costs passes over memory.
struct health {
    double gradient_norm = 0;  ///< ||g_k||
    double residual_norm = 0;  ///< ||e_k|| in its own units
    double residual_ratio = 0; ///< mean ||e_k|| / mean ||g_k||; in model units e_k counts divided by the learning rate
    double contraction = 0;    ///< ||v - C(v)||^2 / ||v||^2 of what was compressed; 1 - delta for a contraction
    double residual_distance = 0; ///< root mean square of ||e_k - mean e||
};

} // namespace terse
