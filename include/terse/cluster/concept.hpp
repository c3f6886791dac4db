// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <terse/wire/dense.hpp>

namespace terse {

/// A number that must be the same in all processes of a cluster, and what it is.
struct named_number {
    char const* name;
    std::uint64_t value;
};

/// Who takes part and how messages get around. A cluster is a value that describes it; attach() makes the session,
/// which hosts some of the workers (`first` to `first + hosted - 1`) in this process and runs them on its threads.
/// Sessions of several processes hold all hosted gradients in flight. They may have two more verbs to notice processes
/// that do not do the same: require_same(span of named_number) throws in all of them, and begin_round(round, lr); and
/// five to save and load a run of theirs. Where the server is one process, they have serves(), serve(f) and
/// from_server(message, d); and where adds_up(), sum(hosted) is called in the place of exchange(). See mpi::session.
/// team(i) are the threads that help the worker on thread i.
template <class C, class B, class T = float>
concept Cluster = std::semiregular<C> &&
    requires(C const c, decltype(std::declval<C const&>().attach())& session, std::size_t n,
             void (*body)(std::size_t, unsigned), std::span<dense_message<B, T>> hosted,
             void (*use)(std::span<dense_message<B, T> const>)) {
    { session.workers() } -> std::same_as<std::uint32_t>; // in the whole cluster
    { session.first() } -> std::same_as<std::uint32_t>;
    { session.hosted() } -> std::same_as<std::size_t>;
    { session.threads() } -> std::same_as<unsigned>;
    { session.in_flight() } -> std::same_as<std::size_t>; // gradients of hosted workers that are held at once
    { session.at_once() } -> std::same_as<std::size_t>;   // dense messages of hosted workers that are held at once
    session.for_each(n, body);                            // body(i, thread) for i < n
    session.exchange(hosted, use);                        // use(every worker's message, in worker order)
    session.agree(n, body);                               // for_each, and an exception anywhere is thrown everywhere
};

class thread_pool;

/// The threads that help the worker on thread i, if the session has such.
template <class Session>
thread_pool* team_of([[maybe_unused]] Session const& session, [[maybe_unused]] unsigned i) {
    if constexpr (requires { session.team(i); })
        return session.team(i);
    else
        return nullptr;
}

} // namespace terse
