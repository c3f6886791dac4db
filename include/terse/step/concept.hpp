// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstdint>

#include <terse/backend/view.hpp>

namespace terse {

/// The step that a worker takes for itself in every round of a drift method, x_k <- x_k - eta v_k. A local step is a
/// value that makes v_k of the gradient g_k and, if it keeps_momentum, of the worker's momentum m_k, which it updates.
/// It may overwrite g; what it returns is g or m. Optional: validate(d).
template <class S, class B, class T = float>
concept LocalStep = std::semiregular<S> && requires(S const s, view<B, T> m, view<B, T> g, std::uint64_t round) {
    { S::keeps_momentum } -> std::convertible_to<bool>; // otherwise m is empty
    { s.direction(m, g, round) } -> std::convertible_to<view<B, T const>>;
};

} // namespace terse
