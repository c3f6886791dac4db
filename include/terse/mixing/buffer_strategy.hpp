// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

namespace terse {

/// What becomes of the workers' momenta (buffers) when their models are averaged; SlowMo paper, section 2.
enum class buffer_strategy {
    maintain, ///< each worker keeps its own
    reset,    ///< m_k <- 0
    average   ///< m_k <- mean m_j; as many numbers travel as for the models
};

} // namespace terse
