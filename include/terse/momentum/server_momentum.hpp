// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/error.hpp>
#include <terse/momentum/concept.hpp>
#include <terse/momentum/momentum_lr.hpp>
#include <terse/run/schedule.hpp>

namespace terse {

/// One momentum vector at the server, m <- beta m + u, and m is broadcast: dense, whatever the workers send.
/// GMC paper, Algorithm 3: w_{t+1} = w_t - eta mean c_k + beta (w_t - w_{t-1}). Where all workers know u, as after a
/// compressor that talks, each keeps m for itself, and nothing is broadcast.
struct server_momentum {
    schedule beta = 0.9;
    momentum_lr lr = momentum_lr::current;
    bool adds_update = false; ///< u + m is broadcast in place of m

    template <class B, class T>
    using worker_state = stateless;

    template <class B, class T>
    struct shared_state {
        buffer<B, T> m;
        void reset(std::size_t d) { m.assign(d, T(0)); }
        template <class A>
        void state(A& archive) {
            archive("server momentum", m);
        }
    };

    void validate(std::size_t) const {
        if (!beta.within(0, 1)) throw configuration_error("server_momentum: beta must lie in [0, 1]");
    }

    template <class B, class T>
    view<B, T const> inject(stateless&, shared_state<B, T> const&, view<B, T> g, round_scales, std::uint64_t) const {
        return g;
    }
    template <class M>
    void forget(stateless&, M const&) const {}
    template <class B, class T>
    void serve(shared_state<B, T>& shared, update<B, T>& u, round_scales now, std::uint64_t round) const {
        // Heavy ball keeps scale m = w_{t-1} - w_t through a change of the rate; PyTorch's form keeps m.
        double const kept = now.last_scale / now.scale * (lr == momentum_lr::current ? 1 : now.lr / now.last_lr);
        view<B, T> const m = shared.m;
        B::scale(static_cast<T>(beta(round) * kept), m);
        u.add_to(T(1), m);
        if (adds_update && u.shape == update<B, T>::form::dense) {
            u.support = 0;
            return B::axpy(T(1), m, view<B, T>(u.dense.values));
        }
        u.dense.reset(m.size()); // beside the form that u has still
        B::copy(m, view<B, T>(u.dense.values));
        if (adds_update) u.add_to(T(1), view<B, T>(u.dense.values));
        u.become_dense(m.size());
    }
    template <class B, class T>
    void absorb(shared_state<B, T>&, update<B, T>&) const {}
};

} // namespace terse
