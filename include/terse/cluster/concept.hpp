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

/// Who takes part and how messages get around. A cluster is a value that describes it; attach() makes the session,
/// which hosts some of the workers (`first` to `first + hosted - 1`) in this process and runs them on its threads.
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
    session.for_each(n, body);                            // body(i, thread) for i < n
    session.exchange(hosted, use);                        // use(every worker's message, in worker order)
    session.agree(n, body);                               // for_each, and an exception anywhere is thrown everywhere
};

} // namespace terse
