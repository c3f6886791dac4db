// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <limits>

#include <terse/compressor/blockwise.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/local_momentum.hpp>

namespace terse {

struct dist_ef_sgdm_options {
    schedule beta = 0.9;
    std::size_t block = std::numeric_limits<std::size_t>::max(); ///< coordinates with a common scale; by default all
    double weight_decay = 0; ///< outside the compressed stream, with a Nesterov momentum of its own
};

/// dist-EF-blockSGDM: Nesterov's momentum, compression both ways, residuals in gradient units that follow the learning
/// rate; with any compressor.
template <class C>
constexpr auto dist_ef_sgdm(C compressor, dist_ef_sgdm_options o = {}) {
    auto method = compose(compressor, local_momentum{.beta = o.beta, .nesterov = true},
                          standard_feedback{.units = units::gradient_rescaled}, compressor);
    method.decay = {.rate = o.weight_decay, .outside = true, .beta = o.beta.first, .nesterov = true};
    return method;
}
/// With blockwise scaled sign, where the sign of zero is +.
constexpr auto dist_ef_sgdm(dist_ef_sgdm_options o = {}) {
    return dist_ef_sgdm(blockwise<scaled_sign>{.size = o.block}, o);
}

} // namespace terse
