// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/backend/momentum_step.hpp>
#include <terse/error.hpp>
#include <terse/momentum/concept.hpp>
#include <terse/run/schedule.hpp>

namespace terse {

/// A momentum vector on each worker, m_k <- beta m_k + g_k; m_k is what is compressed (GMC paper, equations 4-6).
/// Nesterov's form compresses g_k + beta m_k instead.
struct local_momentum {
    schedule beta = 0.9;
    bool nesterov = false;
    bool factor_masking = false; ///< DGC: m_k is cleared at the coordinates that were sent

    template <class B, class T>
    struct worker_state {
        buffer<B, T> m;
        void reset(std::size_t d) { m.assign(d, T(0)); }
        template <class A>
        void state(A& archive) {
            archive("local momentum", m);
        }
    };
    template <class B, class T>
    using shared_state = stateless;

    void validate(std::size_t) const {
        if (!beta.within(0, 1)) throw configuration_error("local_momentum: beta must lie in [0, 1]");
    }

    template <class B, class T>
    view<B, T const> inject(worker_state<B, T>& own, stateless const&, view<B, T> g, round_scales,
                            std::uint64_t round) const {
        return step(own, g, round).make();
    }
    template <class B, class T>
    momentum_step<B, T> step(worker_state<B, T>& own, view<B, T> g, std::uint64_t round) const {
        return {static_cast<T>(beta(round)), g, own.m, nesterov};
    }
    template <class B, class T, class M>
    void forget(worker_state<B, T>& own, M const& sent) const {
        if (factor_masking) sent.clear_in(view<B, T>(own.m));
    }
    /// forget() for several workers, where messages of this kind can be cleared together.
    template <class B, class T, class M>
        requires requires(std::span<M const* const> sent, std::span<view<B, T> const> each) {
            M::clear_in_each(sent, each);
        }
    void forget_all(std::span<worker_state<B, T>* const> each, std::span<M const* const> sent) const {
        if (!factor_masking) return;
        std::vector<view<B, T>> cleared;
        for (auto* const own : each) cleared.push_back(own->m);
        M::clear_in_each(sent, cleared);
    }
    template <class B, class T>
    void serve(stateless&, update<B, T>&, round_scales, std::uint64_t) const {}
    template <class B, class T>
    void absorb(stateless&, update<B, T>&) const {}
};

} // namespace terse
