// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/loop/drifting.hpp>
#include <terse/mixing/complete_average.hpp>
#include <terse/outer/pull_back.hpp>
#include <terse/step/nesterov_step.hpp>
#include <terse/step/plain_step.hpp>

namespace terse {

struct overlap_local_sgd_options {
    std::uint64_t period = 2; ///< tau
    schedule pull = 0.6;      ///< alpha
};

/// Overlap-Local-SGD: plain local steps, and a pull towards an anchor that is one period old.
constexpr auto overlap_local_sgd(overlap_local_sgd_options o = {}) {
    return drifting(plain_step{}, complete_average{.period = o.period}, pull_back{.alpha = o.pull});
}

struct overlap_local_sgd_m_options {
    std::uint64_t period = 2;  ///< tau
    schedule pull = 0.6;       ///< alpha
    schedule outer_beta = 0.7; ///< of the anchor's momentum
    schedule beta = 0.9;       ///< of the workers' own, Nesterov's, which they keep
};

/// The momentum variant.
constexpr auto overlap_local_sgd_m(overlap_local_sgd_m_options o = {}) {
    return drifting(nesterov_step{.beta = o.beta}, complete_average{.period = o.period},
                    pull_back_momentum{.alpha = o.pull, .beta = o.outer_beta});
}

} // namespace terse
