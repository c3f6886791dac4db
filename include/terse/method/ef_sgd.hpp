// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>

namespace terse {

struct ef_sgd_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
};

/// SGD with error feedback, residuals in steps of the model, with any compressor; ratio and count are top_k's.
template <class C>
constexpr auto ef_sgd(C compressor) {
    return compose(compressor, no_momentum{}, standard_feedback{.units = units::model});
}
constexpr auto ef_sgd(ef_sgd_options o = {}) { return ef_sgd(top_k{.ratio = o.ratio, .count = o.count}); }

} // namespace terse
