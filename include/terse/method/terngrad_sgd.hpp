// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <utility>

#include <terse/compressor/per_segment.hpp>
#include <terse/compressor/shared_terngrad.hpp>
#include <terse/compressor/terngrad.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/layout.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>

namespace terse {

/// TernGrad: w <- w - eta mean ternary(g_k), the whole model with one scale,
constexpr auto terngrad_sgd(terngrad compressor = {}) { return compose(compressor, no_momentum{}, no_feedback{}); }
/// or every layer with its own.
inline auto terngrad_sgd(layout layers, terngrad compressor = {}) {
    return compose(per_segment<terngrad>{.inner = compressor, .layout = std::move(layers)}, no_momentum{},
                   no_feedback{});
}
/// With scales that all workers share.
inline auto terngrad_sgd(shared_terngrad compressor) {
    return compose(std::move(compressor), no_momentum{}, no_feedback{});
}

} // namespace terse
