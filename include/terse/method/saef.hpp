// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/step_ahead.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/local_momentum.hpp>

namespace terse {

struct saef_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    schedule beta = 0.9;      ///< 0 for SAEF without momentum
    std::uint64_t period = 0; ///< p of error averaging; 0 for never
};

/// Step-ahead error feedback, single-way compression (SAEF paper, Algorithm 1), with any compressor; ratio and count
/// are top_k's.
template <class C>
constexpr auto saef(C compressor, saef_options o = {}) {
    return compose(compressor, local_momentum{.beta = o.beta}, step_ahead(o.period));
}
constexpr auto saef(saef_options o = {}) { return saef(top_k{.ratio = o.ratio, .count = o.count}, o); }

/// The same with double-way compression: the server compresses its broadcast too, with a residual of its own.
template <class C>
constexpr auto saef_dc(C compressor, saef_options o = {}) {
    return compose(compressor, local_momentum{.beta = o.beta}, step_ahead(o.period), compressor);
}
constexpr auto saef_dc(saef_options o = {}) { return saef_dc(top_k{.ratio = o.ratio, .count = o.count}, o); }

} // namespace terse
