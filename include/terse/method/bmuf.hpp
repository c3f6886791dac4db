// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/loop/drifting.hpp>
#include <terse/mixing/complete_average.hpp>
#include <terse/outer/block_momentum.hpp>
#include <terse/step/plain_step.hpp>

namespace terse {

struct bmuf_options {
    std::uint64_t period = 8;
    schedule outer_beta = 0.875; ///< the block momentum; 1 - 1/N is the rule of thumb for N workers
    double zeta = 1;             ///< the block learning rate
};

/// Blockwise model-update filtering over local SGD, classical block momentum (BMUF paper, CBM).
constexpr auto bmuf(bmuf_options o = {}) {
    return drifting(plain_step{}, complete_average{.period = o.period},
                    block_momentum{.beta = o.outer_beta, .zeta = o.zeta});
}
/// Nesterov block momentum (NBM).
constexpr auto bmuf_nesterov(bmuf_options o = {}) {
    return drifting(plain_step{}, complete_average{.period = o.period},
                    block_momentum{.beta = o.outer_beta, .zeta = o.zeta, .nesterov = true});
}

} // namespace terse
