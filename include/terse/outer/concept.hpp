// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <terse/backend/view.hpp>

namespace terse {

/// What is made of the mean of the workers' models: the outer rule of a drift method moves their common model w. A rule
/// is a value with a nested type `shared_state<B, T>`, kept once per process and the same in all, with reset(d) and
/// state(archive) like the states of a momentum; and with
///
///     static constexpr bool restarts;   // whether every worker goes on from the new w
///     static constexpr bool pulls;      // whether models are changed before they are averaged; then also
///     void pull(view<B, T const> w, view<B, T> x, std::uint64_t round) const;
///
/// Optional: validate(d).
template <class O, class B, class T = float>
concept OuterRule = std::semiregular<O> &&
    requires(O const o, typename O::template shared_state<B, T> state, view<B, T const> mean, view<B, T> w, double lr,
             std::uint64_t round, std::size_t d) {
    { O::restarts } -> std::convertible_to<bool>;
    { O::pulls } -> std::convertible_to<bool>;
    state.reset(d);
    o.move(state, mean, w, lr, round); // w becomes the new common model; lr is that of the last local step
};

/// The state of outer rule O.
template <class O, class B, class T>
using outer_state = typename O::template shared_state<B, T>;

} // namespace terse
