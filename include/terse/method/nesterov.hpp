// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/identity.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/local_momentum.hpp>

namespace terse {

struct nesterov_options {
    schedule beta = 0.9;
};

/// Distributed SGD with Nesterov's momentum: u_k <- beta u_k + g_k, w <- w - eta mean (g_k + beta u_k).
constexpr auto nesterov(nesterov_options o = {}) {
    return compose(identity{}, local_momentum{.beta = o.beta, .nesterov = true}, no_feedback{});
}

} // namespace terse
