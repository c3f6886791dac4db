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

struct d_psgd_options {
    schedule beta = 0; ///< a momentum that each worker keeps for itself
};

/// D-PSGD: a step on every worker, then models are mixed with the neighbours', and nothing else (Lian et al. 2017, with
/// the step before the mixing). The matrices take turns.
inline auto d_psgd(std::vector<mixing_matrix> matrices, d_psgd_options o = {}) {
    return drifting(polyak_step{.beta = o.beta},
                    neighbour_average{.matrices = std::move(matrices), .mixes_momenta = false});
}
/// With Metropolis weights.
inline auto d_psgd(topology const& graph, d_psgd_options o = {}) { return d_psgd(std::vector{metropolis(graph)}, o); }

} // namespace terse
