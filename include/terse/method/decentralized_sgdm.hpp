// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <utility>
#include <vector>

#include <terse/cluster/mixing_matrix.hpp>
#include <terse/loop/drifting.hpp>
#include <terse/mixing/neighbour_average.hpp>
#include <terse/step/polyak_step.hpp>

namespace terse {

struct decentralized_sgdm_options {
    schedule beta = 0.9;
};

/// Decentralized momentum SGD: a step of Polyak's momentum on every worker, then momenta and models are mixed with the
/// neighbours' (PR-SGD-Momentum paper, Algorithm 2, eq. 16 and 18). The matrices take turns.
inline auto decentralized_sgdm(std::vector<mixing_matrix> matrices, decentralized_sgdm_options o = {}) {
    return drifting(polyak_step{.beta = o.beta},
                    neighbour_average{.matrices = std::move(matrices), .mixes_momenta = true});
}
/// With Metropolis weights.
inline auto decentralized_sgdm(topology const& graph, decentralized_sgdm_options o = {}) {
    return decentralized_sgdm(std::vector{metropolis(graph)}, o);
}

} // namespace terse
