// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/cluster/mixing_matrix.hpp>
#include <terse/error.hpp>
#include <terse/mixing/concept.hpp>

namespace terse {

/// After every local step workers mix with their neighbours: x_i <- sum_j W_ij x_j, and so for the momenta if they are
/// to be mixed; W = matrices[round mod their number]. Added up in worker order.
struct neighbour_average {
    static constexpr bool takes_outer_rule = false;

    std::vector<mixing_matrix> matrices;
    bool mixes_momenta = true;

    template <class B, class T>
    using worker_state = stateless;
    template <class B, class T>
    using shared_state = stateless;

    void validate(std::size_t) const {
        if (matrices.empty()) throw configuration_error("neighbour_average: there is no mixing matrix");
    }
    /// Throws configuration_error unless all matrices are of so many workers.
    void require_workers(std::uint32_t workers) const {
        for (auto const& w : matrices) terse::require_workers(w.graph(), workers);
    }

    template <class Workers, class Outer, class State>
    void mix(Workers& all, stateless&, Outer const&, State&) const {
        auto const& w = matrices[all.round() % matrices.size()];
        if constexpr (Workers::keeps_momentum)
            if (mixes_momenta) all.mix_over(w.graph(), all.momenta(), w);
        all.mix_over(w.graph(), all.models(), w);
    }
};

} // namespace terse
