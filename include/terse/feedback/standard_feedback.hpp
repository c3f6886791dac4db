// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/feedback/concept.hpp>

namespace terse {

/// What is not sent is kept in a residual e_k and added to what is compressed next.
struct standard_feedback {
    static constexpr bool keeps_residual = true;
    static constexpr bool moves_point = false;

    terse::units units = terse::units::gradient;
    std::uint64_t average_every = 0; ///< p: in rounds t with p | t + 1, first e_k <- mean of all e_j; 0 for never

    terse::units residual_units() const { return units; }
    bool averages_residuals(std::uint64_t round) const {
        return average_every != 0 && (round + 1) % average_every == 0;
    }

    template <class B, class T>
    view<B, T const> point(input<B, T> w, input<B, T>, view<B, T>, round_scales, std::uint64_t) const {
        return w;
    }
};

} // namespace terse
