// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <terse/backend/view.hpp>
#include <terse/error.hpp>

namespace terse {

/// Local gradient clipping, before anything else is done with a gradient: g <- g min(1, limit / ||g||_2), where
/// limit = norm, or norm N^(-1/2) with N workers (DGC, section 3.2).
struct clipping {
    double norm = 0; ///< 0: off
    bool by_worker_count = true;

    bool is_on() const { return norm != 0; }

    void validate(std::size_t) const {
        if (!(norm >= 0 && std::isfinite(norm)))
            throw configuration_error("clipping: the norm must be finite and not negative");
    }

    template <class B, class T>
    void apply(view<B, T> g, std::uint32_t workers) const {
        if (!is_on()) return;
        double const limit = by_worker_count ? norm / std::sqrt(static_cast<double>(workers)) : norm;
        double const length = std::sqrt(B::sum_of_squares(g));
        if constexpr (sizeof(T) == sizeof(double)) {
            if (std::isinf(length)) { // squares of doubles overflow long before the norm does
                B::scale(0x1p-600, g);
                return B::scale(std::min(limit / std::sqrt(B::sum_of_squares(g)), 0x1p600), g);
            }
        }
        if (length > limit) B::scale(static_cast<T>(limit / length), g);
    }
};

} // namespace terse
