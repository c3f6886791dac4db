// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include <terse/backend/added_before.hpp>
#include <terse/backend/buffer.hpp>
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
        update<B, T> last;  ///< the update of the round before; nothing at first
        buffer<B, T> dense; ///< `last` in this form too, or nothing: see spread()

        void reset(std::size_t) {
            last = {};
            dense.resize(0);
        }
        template <class A>
        void state(A& archive) {
            archive("global momentum", last);
            if constexpr (A::reads) dense.resize(0);
        }
    };

    void validate(std::size_t) const {
        if (!beta.within(0, 1)) throw configuration_error("global_momentum: beta must lie in [0, 1]");
    }

    template <class B, class T>
    view<B, T const> inject(stateless&, shared_state<B, T> const& shared, view<B, T> g, round_scales now,
                            std::uint64_t round) const {
        shared.last.add_to(factor<T>(now, round), g);
        return g;
    }
    /// inject() for the contributions of several workers.
    template <class B, class T>
    void inject_all(shared_state<B, T> const& shared, std::span<view<B, T> const> each, round_scales now,
                    std::uint64_t round) const {
        shared.last.add_to(factor<T>(now, round), each);
    }
    /// For so many workers that can make the addition in a pass of theirs: the update as a vector, where they will read
    /// that sooner than find the places of its entries. Once in a round, before pending().
    template <class B, class T>
    void spread(shared_state<B, T>& shared, std::size_t workers) const {
        auto const& u = shared.last.sparse;
        bool const sparse = shared.last.shape == update<B, T>::form::sparse;
        if (!sparse || u.indices.size() <= u.size / 16 || workers < 4 || !shared.dense.empty()) return;
        shared.dense.assign(u.size, T(-0.0)); // which times a >= 0 leaves alone what it is added to
        u.add_to(T(1), view<B, T>(shared.dense));
    }
    /// inject() as an addition g <- g + a u that is still to be made; u is empty if that would take longer.
    template <class B, class T>
    added_before<B, T> pending(shared_state<B, T> const& shared, round_scales now, std::uint64_t round) const {
        auto const a = factor<T>(now, round);
        if (shared.last.shape == update<B, T>::form::dense) return {a, shared.last.dense.values, {}};
        return {a, shared.dense, {}};
    }
    template <class M>
    void forget(stateless&, M const&) const {}
    template <class B, class T>
    void serve(shared_state<B, T>&, update<B, T>&, round_scales, std::uint64_t) const {}
    template <class B, class T>
    void absorb(shared_state<B, T>& shared, update<B, T>& u) const {
        std::swap(shared.last, u);
        shared.dense.resize(0);
    }

private:
    // w_t - w_{t-1} = -last_scale * last
    template <class T>
    T factor(round_scales now, std::uint64_t round) const {
        double const per_lr = now.last_scale / (lr == momentum_lr::current ? now.lr : now.last_lr);
        return static_cast<T>(beta(round) * per_lr);
    }
};

} // namespace terse
