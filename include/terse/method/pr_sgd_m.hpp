// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/loop/drifting.hpp>
#include <terse/mixing/complete_average.hpp>
#include <terse/step/nesterov_step.hpp>
#include <terse/step/polyak_step.hpp>

namespace terse {

struct pr_sgd_m_options {
    schedule beta = 0.9;
    std::uint64_t period = 8; ///< I: local steps between two averages
    /// maintain: only the models are averaged; reset: cleared momentum
    buffer_strategy buffers = buffer_strategy::average;
};

/// Parallel restarted SGD with momentum: Polyak's momentum on every worker; every `period` steps models and momenta are
/// averaged (PR-SGD-Momentum paper, Algorithm 1, Option I).
constexpr auto pr_sgd_m(pr_sgd_m_options o = {}) {
    return drifting(polyak_step{.beta = o.beta}, complete_average{.period = o.period, .buffers = o.buffers});
}
/// The same with Nesterov's momentum (Option II).
constexpr auto pr_sgd_m_nesterov(pr_sgd_m_options o = {}) {
    return drifting(nesterov_step{.beta = o.beta}, complete_average{.period = o.period, .buffers = o.buffers});
}
/// Model averaging with cleared momentum: only models travel, and every worker's momentum starts again from 0.
constexpr auto pr_sgd_m_cleared(pr_sgd_m_options o = {}) {
    o.buffers = buffer_strategy::reset;
    return pr_sgd_m(o);
}

} // namespace terse
