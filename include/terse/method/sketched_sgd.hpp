// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/compressor/sketched_top_k.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/local_momentum.hpp>

namespace terse {

struct sketched_sgd_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    count_sketch table{};
    std::size_t candidates = 4;
    bool sum = false;
    schedule beta = 0.9;
};

/// Sketched-SGD: local momentum with factor masking and error feedback, as in DGC, and the top-k of the mean found by
/// count sketches and a second round.
constexpr auto sketched_sgd(sketched_sgd_options o = {}) {
    return compose(
        sketched_top_k{.ratio = o.ratio, .count = o.count, .table = o.table, .candidates = o.candidates, .sum = o.sum},
        local_momentum{.beta = o.beta, .factor_masking = true}, standard_feedback{});
}

} // namespace terse
