// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>

#include <terse/context.hpp>
#include <terse/momentum/concept.hpp>
#include <terse/outer/concept.hpp>

namespace terse {

/// How the models x_k of the workers of a drift run come together, and when. A mixing is a value with
///
///     static constexpr bool takes_outer_rule;        // whether mix() hands a mean to the outer rule
///     template <class B, class T> using worker_state = ...;   // for each worker besides its model and its momentum
///     template <class B, class T> using shared_state = ...;   // for each process, the same in all
///     void mix(Workers& all, shared_state<B, T>& shared, Outer const& outer, outer_state<Outer, B, T>& state) const;
///
/// A shared state that has host(n) is told the number of hosted workers. The states are like those of a momentum
/// (`stateless` if there is nothing to keep). mix() is called after the local steps of every round and decides by
/// all.round() whether anything happens; `all` is a drift_workers (loop/drift_workers.hpp), which has the models, the
/// momenta, w, and the verbs to talk. Optional:
///
///     void validate(std::size_t d) const;
///     void require_workers(std::uint32_t n) const;   // throws configuration_error if it is not for n workers
///     void step(Workers& all, shared_state<B, T>& shared, std::size_t i, view<B, T const> v, view<B, T> g,
///               context<B> at) const;   // in the place of x_i <- x_i - eta v, for hosted worker i; g may be
///               overwritten
///
/// Workers are only known when the run is made, so mix() itself cannot be part of the concept.
template <class M, class B, class T = float>
concept Mixing = std::semiregular<M> && requires(M const m, typename M::template worker_state<B, T> own,
                                                 typename M::template shared_state<B, T> shared, std::size_t d) {
    { M::takes_outer_rule } -> std::convertible_to<bool>;
    own.reset(d);
    shared.reset(d);
};

} // namespace terse
