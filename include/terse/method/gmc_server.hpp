// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/server_momentum.hpp>

namespace terse {

struct gmc_server_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    schedule beta = 0.9;
    momentum_lr lr = momentum_lr::current;
};

/// Compression with momentum on the server (GMC paper, Algorithm 3), with any compressor; ratio and count are top_k's.
template <class C>
constexpr auto gmc_server(C compressor, gmc_server_options o = {}) {
    return compose(compressor, server_momentum{.beta = o.beta, .lr = o.lr}, standard_feedback{});
}
constexpr auto gmc_server(gmc_server_options o = {}) {
    return gmc_server(top_k{.ratio = o.ratio, .count = o.count}, o);
}

} // namespace terse
