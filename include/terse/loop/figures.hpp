// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>

namespace terse {

/// Figures of a worker's last round, for health.hpp.
struct worker_figures {
    double gradient_squared = 0; ///< ||g||^2
    double input_squared = 0;    ///< ||v||^2 of what was compressed
    double lost_squared = 0;     ///< ||v - C(v)||^2

    /// Of what was compressed, x, if that is whole, or what is left of it.
    template <class B, class T, class M>
    void measure(view<B, T const> x, bool whole, M const& sent, scratch<B>& temporary) {
        auto const own = B::sum_of_squares(x), other = squared_sum(x, whole ? T(-1) : T(1), sent, temporary);
        input_squared = whole ? own : other;
        lost_squared = whole ? other : own;
    }

private:
    // ||x + a m||^2
    template <class B, class T, class M>
    static double squared_sum(view<B, T const> x, T a, M const& m, scratch<B>& temporary) {
        typename scratch<B>::scope const scope(temporary);
        auto const y = temporary.template take<T>(x.size());
        B::copy(x, y);
        m.add_to(a, y);
        return B::sum_of_squares(view<B, T const>(y));
    }
};

} // namespace terse
