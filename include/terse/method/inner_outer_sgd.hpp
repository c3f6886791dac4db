// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <optional>

#include <terse/compressor/identity.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>
#include <terse/work/local_steps.hpp>

namespace terse {

struct inner_outer_sgd_options {
    std::uint32_t period = 8;           ///< tau: local steps of a worker in a round
    std::optional<schedule> inner_lr{}; ///< eta_in; otherwise the learning rate of the round, which is local SGD
};

/// Local SGD with inner and outer step sizes: x_0 = w, x_{j+1} = x_j - eta_in g(x_j) on each worker, and
/// w <- w - eta mean_k sum_j g(x_j) (Woodworth, Patel & Srebro 2020).
constexpr auto inner_outer_sgd(inner_outer_sgd_options o = {}) {
    return compose(identity{}, no_momentum{}, no_feedback{}, uncompressed{},
                   local_steps{.count = o.period, .inner_lr = o.inner_lr});
}

} // namespace terse
