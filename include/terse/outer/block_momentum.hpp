// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/error.hpp>
#include <terse/outer/concept.hpp>
#include <terse/run/schedule.hpp>

namespace terse {

/// Blockwise model-update filtering (BMUF): with G = mean x_k - w, Delta <- beta Delta + zeta G; w <- w + Delta, or
/// Nesterov's form w <- w + zeta G + beta Delta. Delta is in steps of the model.
struct block_momentum {
    static constexpr bool restarts = true;
    static constexpr bool pulls = false;

    schedule beta = 0.875; ///< the block momentum eta; 1 - 1/N is the rule of thumb for N workers
    double zeta = 1;       ///< the block learning rate
    bool nesterov = false;

    template <class B, class T>
    struct shared_state {
        buffer<B, T> delta;
        void reset(std::size_t d) { delta.assign(d, T(0)); }
        template <class A>
        void state(A& archive) {
            archive("block momentum", delta);
        }
    };

    void validate(std::size_t) const {
        if (!beta.within(0, 1)) throw configuration_error("block_momentum: beta must lie in [0, 1]");
        if (!(zeta > 0 && zeta <= 1e6)) throw configuration_error("block_momentum: zeta must be positive and finite");
    }

    template <class B, class T>
    void move(shared_state<B, T>& own, input<B, T> mean, view<B, T> w, double, std::uint64_t round) const {
        view<B, T> const delta = own.delta;
        auto const b = static_cast<T>(beta(round));
        B::axpby(T(1), mean, T(-1), w); // G, until the last line
        B::axpby(static_cast<T>(zeta), w, b, delta);
        if (nesterov) {
            B::axpby(b, delta, static_cast<T>(zeta - 1), w); // zeta G + beta Delta - G
        } else {
            B::axpby(T(1), delta, T(-1), w); // Delta - G
        }
        B::axpy(T(1), mean, w);
    }
};

} // namespace terse
