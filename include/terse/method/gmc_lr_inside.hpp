// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/global_momentum.hpp>

namespace terse {

struct gmc_lr_inside_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    schedule beta = 0.9;
    momentum_lr lr = momentum_lr::current;
};

/// GMC with the learning rate inside the residual (GMC paper, Algorithm 4), with any compressor; ratio and count are
/// top_k's. Equal to gmc while the learning rate is constant.
template <class C>
constexpr auto gmc_lr_inside(C compressor, gmc_lr_inside_options o = {}) {
    return compose(compressor, global_momentum{.beta = o.beta, .lr = o.lr}, standard_feedback{.units = units::model});
}
constexpr auto gmc_lr_inside(gmc_lr_inside_options o = {}) {
    return gmc_lr_inside(top_k{.ratio = o.ratio, .count = o.count}, o);
}

} // namespace terse
