// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/compressor/identity.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/accelerated_momentum.hpp>
#include <terse/work/accumulated_gradients.hpp>

namespace terse {

struct ac_sa_options {
    std::uint32_t period = 8;    ///< tau: gradients of a worker in a round
    double strong_convexity = 0; ///< mu; 0: the convex schedule
    double weight = 0;           ///< b_t if it is to be constant; 0: by the schedule
};

/// Accelerated minibatch SGD, AC-SA (Lan 2012; as in Woodworth, Patel & Srebro 2020).
constexpr auto ac_sa(ac_sa_options o = {}) {
    return compose(identity{}, accelerated_momentum{.strong_convexity = o.strong_convexity, .weight = o.weight},
                   no_feedback{}, uncompressed{}, accumulated_gradients{.count = o.period});
}

} // namespace terse
