// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/global_momentum.hpp>

namespace terse {

struct gmc_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    schedule beta = 0.9;
    momentum_lr lr = momentum_lr::current;
};

/// GMC, global momentum compression (GMC paper, Algorithm 1), with any compressor; ratio and count are top_k's.
template <class C>
constexpr auto gmc(C compressor, gmc_options o = {}) {
    return compose(compressor, global_momentum{.beta = o.beta, .lr = o.lr}, standard_feedback{});
}
constexpr auto gmc(gmc_options o = {}) { return gmc(top_k{.ratio = o.ratio, .count = o.count}, o); }

} // namespace terse
