// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>

#include <terse/compressor/concept.hpp>
#include <terse/compressor/take.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// What is sent, when the workers must talk while they compress: low-rank factors that are made from each other,
/// sketches with a second round. Such a compressor is a value with nested types
///
///     shared_state<B, T>   // the same on all workers, or at the server: reset(compressor, d), state(archive)
///     round_memory<B, T>   // messages of a round; decides nothing: reset(compressor, d, hosted workers)
///
/// and three verbs in the order of a round:
///
///     void begin(shared_state&, context<B> at) const;          // before the gradients
///     std::size_t open(T a, input<B, T> x, T b, view<B, T> y, shared_state const&, round_memory&, std::size_t i,
///                      context<B> at) const;                    // y <- b y + a x, and what hosted worker i says
///                      first;
///                                                               // the first y_j that is not finite, or the size
///     void confer(collectives& cluster, shared_state&, round_memory&, update<B, T>& u) const;
///
/// confer() makes the update u that all workers apply, and leaves in each worker's vector what was not sent. The loop
/// hands it a copy of the shared state, which counts only when the round is complete. See loop/collectives.hpp.
///
/// What a vector has still to lose may stay in `memory.rest[i]`, of the nested type deferred<B, T>, which settle<B,
/// T>() takes off, once. If there is an open() with such a rest of x after x, the next round does it in the same pass:
/// see power_sgd.
template <class C, class Cluster, class B, class T = float>
concept CollectiveCompressor = std::semiregular<C> &&
    requires(C const c, typename C::template shared_state<B, T> shared, typename C::template round_memory<B, T> memory,
             Cluster& cluster, input<B, T> x, view<B, T> y, T a, context<B> at, update<B, T> u, std::size_t n) {
    shared.reset(c, n);
    memory.reset(c, n, n);
    c.begin(shared, at);
    { c.open(a, x, a, y, shared, memory, n, at) } -> std::same_as<std::size_t>;
    c.confer(cluster, shared, memory, u);
};

/// Whether C is meant to be one, rather than a Compressor.
template <class C>
concept Confers = requires {
    typename C::template round_memory<cpu, float>;
};

namespace detail {

// What a worker sends: a message, or of a compressor that talks the update that all workers agree on.
template <class C, class B, class T>
struct said_by {
    using type = message_of<C, B, T>;
};
template <Confers C, class B, class T>
struct said_by<C, B, T> {
    using type = update<B, T>;
};

// What a compressor that talks may leave to be taken off.
template <class C, class B, class T>
struct left_by {
    static constexpr bool any = false;
    using type = nothing_deferred;
};
template <class C, class B, class T>
    requires requires { typename C::template deferred<B, T>; }
struct left_by<C, B, T> {
    static constexpr bool any = true;
    using type = typename C::template deferred<B, T>;
};

} // namespace detail

/// Whether what is left to be taken off can wait for the next round.
template <class C, class B, class T>
concept OpensDeferred = requires(C const c, typename C::template shared_state<B, T> shared,
                                 typename C::template round_memory<B, T> memory,
                                 typename C::template deferred<B, T> rest, input<B, T> x, view<B, T> y, T a,
                                 context<B> at, std::size_t n) {
    { c.open(a, x, rest, a, y, shared, memory, n, at) } -> std::same_as<std::size_t>;
};

} // namespace terse
