// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/loop/drifting.hpp>
#include <terse/mixing/complete_average.hpp>
#include <terse/mixing/no_average.hpp>
#include <terse/outer/slow_momentum.hpp>
#include <terse/step/nesterov_step.hpp>
#include <terse/step/plain_step.hpp>

namespace terse {

struct slowmo_options {
    std::uint64_t period = 12; ///< tau
    schedule alpha = 1.0;
    schedule outer_beta = 0.5;
    schedule beta = 0.9; ///< of the workers' own momentum
    buffer_strategy buffers = buffer_strategy::reset;
};

/// SlowMo (SlowMo paper, Algorithm 1) over any local step.
template <class S>
constexpr auto slowmo(S step, slowmo_options o = {}) {
    return drifting(step, complete_average{.period = o.period, .buffers = o.buffers},
                    slow_momentum{.alpha = o.alpha, .beta = o.outer_beta});
}
/// Over local SGD with Nesterov's momentum.
constexpr auto slowmo(slowmo_options o = {}) { return slowmo(nesterov_step{.beta = o.beta}, o); }

/// The variant without the exact average: nothing travels.
template <class S>
constexpr auto slowmo_no_average(S step, slowmo_options o = {}) {
    return drifting(step, no_average<slow_momentum>{.rule = {.alpha = o.alpha, .beta = o.outer_beta},
                                                    .period = o.period,
                                                    .buffers = o.buffers});
}

struct lookahead_options {
    std::uint64_t period = 5; ///< k
    schedule alpha = 0.5;
};

/// Lookahead: SlowMo without slow momentum, meant for one worker. w <- w + alpha (x_k - w).
constexpr auto lookahead(lookahead_options o = {}) {
    return slowmo(plain_step{}, {.period = o.period, .alpha = o.alpha, .outer_beta = 0.0});
}

} // namespace terse
