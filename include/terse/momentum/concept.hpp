// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstdint>

#include <terse/backend/view.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// The learning rates of a round. An update u is applied as w <- w - scale u, where scale is the learning rate if
/// residuals hold gradients, and 1 if they hold steps of the model (feedback's `units`).
struct round_scales {
    double lr = 1;
    double last_lr = 1; ///< of the round before; in the first round lr
    double scale = 1;
    double last_scale = 1;
};

/// Where momentum lives. A placement is a value with nested types
///
///     worker_state<B, T>   // one for each worker
///     shared_state<B, T>   // one for all: on every worker alike, or on the server
///
/// each with `void reset(std::size_t d)` and, so that a run can be saved (run/archive.hpp), `void state(A& archive)`;
/// and four verbs in the order of a round. One that has `momentum_step<B, T> step(own, g, round)` too, the same as
/// inject() but not made yet, leaves it to compressors that make it in a pass of theirs; so does one without state of
/// workers that has spread() and pending(), and inject_all() for several workers, see global_momentum; forget_all() is
/// forget() for several, see local_momentum. Two more are for those that move the model in ways of their own: point()
/// and apply(), see below.
template <class M, class B, class T = float>
concept MomentumPlacement = std::semiregular<M> &&
    requires(M const m, typename M::template worker_state<B, T> own, typename M::template shared_state<B, T> shared,
             view<B, T> g, update<B, T> u, round_scales now, std::uint64_t round, std::size_t d) {
    own.reset(d);
    shared.reset(d);
    // At a worker: what it compresses, made from its gradient g. It may overwrite g and returns g or its own state.
    { m.inject(own, shared, g, now, round) } -> std::convertible_to<view<B, T const>>;
    // At a worker: what was just sent (a message or, as here, anything with clear_in).
    m.forget(own, u);
    // At the server: turns the mean of the messages into what is broadcast.
    m.serve(shared, u, now, round);
    // Everywhere, after the update was applied. It may take the update's memory.
    m.absorb(shared, u);
};

/// Whether gradients are taken elsewhere than at w: at what point(shared, w, x, now, round) writes to x and returns. It
/// may throw configuration_error; nothing has changed then.
template <class M, class B, class T>
concept MovesPoint = requires(M const m, typename M::template shared_state<B, T> const shared, view<B, T const> w,
                              view<B, T> x, round_scales now, std::uint64_t round) {
    { m.point(shared, w, x, now, round) } -> std::same_as<view<B, T const>>;
};

/// w <- w - scale u, or, of a placement with apply(shared, u, w, now, round), what that does. Everywhere, on every
/// worker alike.
template <class M, class B, class T>
void apply_update(M const& momentum, typename M::template shared_state<B, T>& shared, update<B, T> const& u,
                  view<B, T> w, round_scales now, [[maybe_unused]] std::uint64_t round) {
    if constexpr (requires { momentum.apply(shared, u, w, now, round); })
        momentum.apply(shared, u, w, now, round);
    else
        u.add_to(static_cast<T>(-now.scale), w);
}

/// The state of a placement that keeps none.
struct stateless {
    void reset(std::size_t) {}
    template <class A>
    void state(A&) {}
};

} // namespace terse
