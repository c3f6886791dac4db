// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/detached_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/global_momentum.hpp>

namespace terse {

struct gmc_plus_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    schedule beta = 0.9;
    schedule lambda = 0.5;
    momentum_lr lr = momentum_lr::current;
};

/// GMC with detached error feedback (GMC paper, Algorithm 2), with any compressor; ratio and count are top_k's.
template <class C>
constexpr auto gmc_plus(C compressor, gmc_plus_options o = {}) {
    return compose(compressor, global_momentum{.beta = o.beta, .lr = o.lr}, detached_feedback{.lambda = o.lambda});
}
constexpr auto gmc_plus(gmc_plus_options o = {}) { return gmc_plus(top_k{.ratio = o.ratio, .count = o.count}, o); }

} // namespace terse
