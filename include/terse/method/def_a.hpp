// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/detached_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/local_momentum.hpp>

namespace terse {

struct def_a_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    schedule beta = 0.9;
    schedule lambda = 0.3;
};

/// Detached error feedback with local momentum (DEF-A), with any compressor; ratio and count are top_k's. The model is
/// w(), or corrected() for the other published output.
template <class C>
constexpr auto def_a(C compressor, def_a_options o = {}) {
    return compose(compressor, local_momentum{.beta = o.beta},
                   detached_feedback{.lambda = o.lambda, .units = units::model});
}
constexpr auto def_a(def_a_options o = {}) { return def_a(top_k{.ratio = o.ratio, .count = o.count}, o); }

} // namespace terse
