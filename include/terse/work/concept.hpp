// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>

#include <terse/backend/scratch.hpp>
#include <terse/context.hpp>

namespace terse {

/// A user's gradient: called with (worker_context at, view<B, T const> x, view<B, T> g), it writes worker at.worker's
/// stochastic gradient at x to g, both of d coordinates. Calls for different workers may run at the same time.
template <class G, class B, class T>
concept GradientOf = std::invocable<G&, worker_context, view<B, T const>, view<B, T>>;

/// What a worker contributes in a round: g, made from the user's gradient at x with the round's learning rate.
template <class W, class B, class T = float>
concept Work = std::semiregular<W> &&
    requires(W const w, void (*gradient)(worker_context, view<B, T const>, view<B, T>), worker_context at,
             view<B, T const> x, view<B, T> g, double lr, scratch<B>& temporary) {
    w.contribute(gradient, at, x, g, lr, temporary);
};

} // namespace terse
