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
        double const squares = B::sum_of_squares(g);
        if (overflows<T>(squares)) return rescale(g, workers);
        if (T const a = factor<T>(squares, workers); a != T(1)) B::scale(a, g);
    }

    /// In two halves, for who adds up the squares: what a gradient of so long a ||g||_2^2 is multiplied by,
    template <class T>
    T factor(double squares, std::uint32_t workers) const {
        double const length = std::sqrt(squares), most = limit(workers);
        return length > most ? static_cast<T>(most / length) : T(1);
    }
    /// unless that is infinite, for squares of doubles overflow long before the norm does;
    template <class T>
    static bool overflows(double squares) {
        return sizeof(T) == sizeof(double) && std::isinf(squares);
    }
    /// and what is done then.
    template <class B, class T>
    void rescale(view<B, T> g, std::uint32_t workers) const {
        if constexpr (sizeof(T) == sizeof(double)) {
            B::scale(0x1p-600, g);
            B::scale(std::min(limit(workers) / std::sqrt(B::sum_of_squares(g)), 0x1p600), g);
        }
    }

private:
    double limit(std::uint32_t workers) const {
        return by_worker_count ? norm / std::sqrt(static_cast<double>(workers)) : norm;
    }
};

} // namespace terse
