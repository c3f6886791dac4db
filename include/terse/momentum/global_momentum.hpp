// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <utility>

#include <terse/error.hpp>
#include <terse/momentum/concept.hpp>
#include <terse/momentum/momentum_lr.hpp>
#include <terse/run/schedule.hpp>

namespace terse {

/// Momentum from the last update that all workers applied, added to each gradient before compression: it is global, and
/// as sparse as the update was. GMC, Algorithm 1: g_k - (beta / eta) (w_t - w_{t-1}).
struct global_momentum {
    schedule beta = 0.9;
    momentum_lr lr = momentum_lr::current;

    template <class B, class T>
    using worker_state = stateless;

    template <class B, class T>
    struct shared_state {
        update<B, T> last; ///< the update of the round before; nothing at first
        void reset(std::size_t) { last = {}; }
        template <class A>
        void state(A& archive) {
            archive("global momentum", last);
        }
    };

    void validate(std::size_t) const {
        if (!beta.within(0, 1)) throw configuration_error("global_momentum: beta must lie in [0, 1]");
    }

    template <class B, class T>
    view<B, T const> inject(stateless&, shared_state<B, T> const& shared, view<B, T> g, round_scales now,
                            std::uint64_t round) const {
        // w_t - w_{t-1} = -last_scale * last
        double const per_lr = now.last_scale / (lr == momentum_lr::current ? now.lr : now.last_lr);
        shared.last.add_to(static_cast<T>(beta(round) * per_lr), g);
        return g;
    }
    template <class M>
    void forget(stateless&, M const&) const {}
    template <class B, class T>
    void serve(shared_state<B, T>&, update<B, T>&, round_scales, std::uint64_t) const {}
    template <class B, class T>
    void absorb(shared_state<B, T>& shared, update<B, T>& u) const {
        std::swap(shared.last, u);
    }
};

} // namespace terse
