// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/error.hpp>
#include <terse/mixing/buffer_strategy.hpp>
#include <terse/mixing/concept.hpp>

namespace terse {

/// After every `period` local steps the mean of all models, folded in worker order, goes to the outer rule, and every
/// worker starts again from what that makes of it.
struct complete_average {
    static constexpr bool takes_outer_rule = true;

    std::uint64_t period = 1;
    buffer_strategy buffers = buffer_strategy::maintain;

    template <class B, class T>
    using worker_state = stateless;
    template <class B, class T>
    using shared_state = stateless;

    void validate(std::size_t) const {
        if (period == 0) throw configuration_error("complete_average: the period must be at least 1");
    }

    template <class Workers, class Outer, class State>
    void mix(Workers& all, stateless&, Outer const& outer, State& state) const {
        if ((all.round() + 1) % period != 0) return;
        auto const w = all.w();
        if constexpr (Outer::pulls) all.for_each([&](std::size_t i) { outer.pull(w, all.model(i), all.round()); });
        outer.move(state, all.mean(all.models()), w, all.lr(), all.round());
        if constexpr (Outer::restarts) all.for_each([&](std::size_t i) { all.copy(w, all.model(i)); });
        if constexpr (Workers::keeps_momentum) {
            if (buffers == buffer_strategy::reset) all.for_each([&](std::size_t i) { all.clear(all.momentum(i)); });
            if (buffers == buffer_strategy::average) {
                auto const m = all.mean(all.momenta());
                all.for_each([&](std::size_t i) { all.copy(m, all.momentum(i)); });
            }
        }
    }
};

} // namespace terse
