// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/local_momentum.hpp>

namespace terse {

struct dgc_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    schedule beta = 0.9;
    bool factor_masking = true;
    bool nesterov = false;
    double clip_norm = 0;    ///< local clipping at clip_norm N^(-1/2); 0 for none
    double weight_decay = 0; ///< outside the compressed stream, with a momentum of its own
};

/// Deep gradient compression (DGC, section 3: momentum correction and factor masking, local clipping), with any
/// compressor; ratio and count are top_k's. The warm-up of the density is schedule::dgc_ramp.
template <class C>
constexpr auto dgc(C compressor, dgc_options o = {}) {
    auto method =
        compose(compressor, local_momentum{.beta = o.beta, .nesterov = o.nesterov, .factor_masking = o.factor_masking},
                standard_feedback{});
    method.clip = {.norm = o.clip_norm};
    method.decay = {.rate = o.weight_decay, .outside = true, .beta = o.beta.first};
    return method;
}
constexpr auto dgc(dgc_options o = {}) { return dgc(top_k{.ratio = o.ratio, .count = o.count}, o); }

} // namespace terse
