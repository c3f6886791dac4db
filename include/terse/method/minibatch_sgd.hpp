// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/compressor/identity.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>
#include <terse/work/accumulated_gradients.hpp>

namespace terse {

struct minibatch_sgd_options {
    std::uint32_t period = 8; ///< tau: gradients of a worker in a round
};

/// Minibatch SGD: w <- w - eta mean of all N tau gradients at w (Woodworth, Patel & Srebro 2020).
constexpr auto minibatch_sgd(minibatch_sgd_options o = {}) {
    return compose(identity{}, no_momentum{}, no_feedback{}, uncompressed{}, accumulated_gradients{.count = o.period});
}

} // namespace terse
