// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/identity.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/local_momentum.hpp>

namespace terse {

struct dmsgd_local_options {
    schedule beta = 0.9;
};

/// Distributed momentum SGD with local momentum: u_k <- beta u_k + g_k, w <- w - eta mean u_k (GMC paper, eq. 4-6).
constexpr auto dmsgd_local(dmsgd_local_options o = {}) {
    return compose(identity{}, local_momentum{.beta = o.beta}, no_feedback{});
}

} // namespace terse
