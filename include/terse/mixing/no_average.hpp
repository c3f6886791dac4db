// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/error.hpp>
#include <terse/mixing/buffer_strategy.hpp>
#include <terse/mixing/concept.hpp>

namespace terse {

/// SlowMo's variant without the exact average: after every `period` local steps each worker applies the outer rule for
/// itself, with its own model in the place of the mean. Nothing travels. Each worker keeps where its period began, and
/// a state of the rule.
template <class O>
struct no_average {
    static_assert(O::restarts && !O::pulls, "no_average takes outer rules from which workers start again");
    static constexpr bool takes_outer_rule = false;

    O rule{};
    std::uint64_t period = 1;
    buffer_strategy buffers = buffer_strategy::maintain;

    template <class B, class T>
    struct worker_state {
        buffer<B, T> moved; ///< the start of the period, less the start of the run
        typename O::template shared_state<B, T> outer;
        void reset(std::size_t d) {
            moved.assign(d, T(0));
            outer.reset(d);
        }
        template <class A>
        void state(A& archive) {
            archive("start of the period", moved);
            outer.state(archive);
        }
    };
    template <class B, class T>
    using shared_state = stateless;

    void validate(std::size_t d) const {
        if (period == 0) throw configuration_error("no_average: the period must be at least 1");
        if (buffers == buffer_strategy::average)
            throw configuration_error("no_average: buffers cannot be averaged where nothing travels");
        rule.validate(d);
    }

    template <class Workers, class Outer, class State>
    void mix(Workers& all, stateless&, Outer const&, State&) const {
        if ((all.round() + 1) % period != 0) return;
        all.for_each([&](std::size_t i) {
            auto& own = all.own(i);
            auto const start = all.writable(own.moved);
            all.add(1, all.w(), start);
            rule.move(own.outer, all.model(i), start, all.lr(), all.round());
            all.copy(start, all.model(i));
            all.add(-1, all.w(), start);
            if constexpr (Workers::keeps_momentum)
                if (buffers == buffer_strategy::reset) all.clear(all.momentum(i));
        });
    }
};

} // namespace terse
