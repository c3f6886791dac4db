// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/local_momentum.hpp>

namespace terse {

struct ef_sgdm_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    schedule beta = 0.9;
};

/// Momentum SGD with error feedback, single-way compression (SAEF paper, Algorithm 1 without the step ahead), with any
/// compressor; ratio and count are top_k's.
template <class C>
constexpr auto ef_sgdm(C compressor, ef_sgdm_options o = {}) {
    return compose(compressor, local_momentum{.beta = o.beta}, standard_feedback{.units = units::model});
}
constexpr auto ef_sgdm(ef_sgdm_options o = {}) { return ef_sgdm(top_k{.ratio = o.ratio, .count = o.count}, o); }

/// The same with double-way compression: the server compresses its broadcast too, with a residual of its own.
template <class C>
constexpr auto ef_sgdm_dc(C compressor, ef_sgdm_options o = {}) {
    return compose(compressor, local_momentum{.beta = o.beta}, standard_feedback{.units = units::model}, compressor);
}
constexpr auto ef_sgdm_dc(ef_sgdm_options o = {}) { return ef_sgdm_dc(top_k{.ratio = o.ratio, .count = o.count}, o); }

} // namespace terse
