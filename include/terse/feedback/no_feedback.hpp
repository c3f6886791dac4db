// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/feedback/concept.hpp>

namespace terse {

/// What is not sent is lost.
struct no_feedback {
    static constexpr bool keeps_residual = false;
    static constexpr bool moves_point = false;

    units residual_units() const { return units::gradient; }
    bool averages_residuals(std::uint64_t) const { return false; }

    template <class B, class T>
    view<B, T const> point(input<B, T> w, input<B, T>, view<B, T>, round_scales, std::uint64_t) const {
        return w;
    }
};

} // namespace terse
