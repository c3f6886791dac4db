// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/error.hpp>
#include <terse/feedback/concept.hpp>
#include <terse/run/schedule.hpp>

namespace terse {

/// Standard feedback, and the gradient is taken where the residual, or a part lambda of it, is already applied:
/// x_k = w - lambda eta e_k (GMC+, Algorithm 2; DEF-A), eta being the learning rate with which e_k was left behind.
/// lambda = 0 is standard feedback, lambda = 1 is SAEF's step ahead.
struct detached_feedback {
    static constexpr bool keeps_residual = true;
    static constexpr bool moves_point = true;

    schedule lambda = 0.5;
    terse::units units = terse::units::gradient;
    std::uint64_t average_every = 0; ///< p: in rounds t with p | t + 1, first e_k <- mean of all e_j; 0 for never

    void validate(std::size_t) const {
        if (!lambda.within(0, 1)) throw configuration_error("detached_feedback: lambda must lie in [0, 1]");
    }

    terse::units residual_units() const { return units; }
    bool averages_residuals(std::uint64_t round) const {
        return average_every != 0 && (round + 1) % average_every == 0;
    }

    template <class B, class T>
    view<B, T const> point(input<B, T> w, input<B, T> e, view<B, T> x, round_scales now, std::uint64_t round) const {
        B::combine(w, static_cast<T>(-lambda(round) * now.last_scale), e, x); // last_scale is 1 in model units
        return x;
    }
};

} // namespace terse
