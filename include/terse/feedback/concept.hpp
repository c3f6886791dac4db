// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstdint>

#include <terse/backend/view.hpp>
#include <terse/momentum/concept.hpp>

namespace terse {

/// What a residual is measured in.
enum class units {
    gradient,          ///< gradients; multiplied by the learning rate of the round in which they leave (GMC, DGC)
    gradient_rescaled, ///< gradients, multiplied by eta_{t-1}/eta_t when they are used again (dist-EF-SGD)
    model ///< steps of the model: gradients times the learning rate of their own round (SAEF, DEF-A, EF-SGDM)
};

/// What becomes of what was not sent. A feedback policy is a value that says whether workers keep a residual at all, in
/// which units, when the residuals are averaged, and at which point a worker with residual e takes its gradient.
template <class F, class B, class T = float>
concept ErrorFeedback = std::semiregular<F> &&
    requires(F const f, view<B, T const> w, view<B, T const> e, view<B, T> x, round_scales now, std::uint64_t round) {
    { F::keeps_residual } -> std::convertible_to<bool>;
    { F::moves_point } -> std::convertible_to<bool>; // whether point() writes x; otherwise it returns w
    { f.residual_units() } -> std::same_as<units>;
    { f.averages_residuals(round) } -> std::same_as<bool>; // before the gradients of this round
    { f.point(w, e, x, now, round) } -> std::same_as<view<B, T const>>;
};

} // namespace terse
