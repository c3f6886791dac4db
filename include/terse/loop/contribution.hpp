// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/view.hpp>
#include <terse/context.hpp>
#include <terse/error.hpp>
#include <terse/loop/lockstep_round.hpp>
#include <terse/loop/thread_memory.hpp>
#include <terse/momentum/concept.hpp>

namespace terse {

/// What a worker contributes to a round of a lockstep run: its gradient, clipped and decayed.
template <class Method, class B, class T>
struct contribution {
    using round = lockstep_round<Method, B, T>;

    /// Whether gradients are taken elsewhere than at w.
    static constexpr bool moves = Method::moves_point || MovesPoint<decltype(Method::momentum), B, T>;

    /// g = what worker `at` makes of its gradient, taken where the momentum says, and from there where the feedback
    /// says for the residual e. Returns that point, which may be in the memory of the thread.
    template <class G>
    static view<B, T const> make(round const& now, worker_context at, [[maybe_unused]] view<B, T const> e, view<B, T> g,
                                 thread_memory<B, T>& memory, G& gradient) {
        auto x = now.w;
        if constexpr (MovesPoint<decltype(Method::momentum), B, T>) {
            memory.start.resize(x.size());
            x = now.method.momentum.point(now.shared, x, view<B, T>(memory.start), now.scales, at.round);
        }
        if constexpr (Method::moves_point) {
            memory.point.resize(x.size());
            x = now.method.feedback.point(x, e, view<B, T>(memory.point), now.scales, at.round);
        }
        now.method.work.contribute(gradient, at, x, g, now.scales.lr, memory.temporary);
        return x;
    }

    /// Throws non_finite_error for a gradient with a NaN or an infinity.
    static void require_finite(worker_context at, view<B, T const> g) {
        if (auto const i = B::first_non_finite(g); i < g.size()) throw non_finite_error(at.worker, at.round, i);
    }

    /// Clips g, and adds the decay that is coupled at x; if asked to look, first require_finite().
    static void adjust(round const& now, worker_context at, view<B, T const> x, view<B, T> g, bool look) {
        if (look) require_finite(at, g);
        now.method.clip.apply(g, at.workers);
        now.method.decay.couple(x, g);
    }
};

} // namespace terse
