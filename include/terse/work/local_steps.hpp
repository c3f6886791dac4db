// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include <terse/error.hpp>
#include <terse/run/schedule.hpp>
#include <terse/work/concept.hpp>

namespace terse {

/// The sum of the gradients of `count` steps of plain SGD that the worker takes for itself from x:
/// y_0 = x, y_{j+1} = y_j - eta_in g(y_j), g = sum_j g(y_j) = (x - y_count) / eta_in. The gradient callback is told
/// which step it is by at.local_step. No step follows a gradient that is not finite.
struct local_steps {
    std::uint32_t count = 1;
    std::optional<schedule> inner_lr{}; ///< eta_in, at least 0; otherwise the round's learning rate

    void validate(std::size_t) const {
        if (count == 0) throw configuration_error("local_steps: count must be at least 1");
        if (inner_lr && !inner_lr->within(0, std::numeric_limits<double>::max()))
            throw configuration_error("local_steps: the inner learning rate must be finite and not negative");
    }

    template <class G, class B, class T>
    void contribute(G& gradient, worker_context at, view<B, T const> x, view<B, T> g, double lr,
                    scratch<B>& temporary) const {
        at.local_steps = count;
        gradient(at, x, g);
        if (count == 1) return;
        double const inner = inner_lr ? (*inner_lr)(at.round) : lr;
        typename scratch<B>::scope const scope(temporary);
        auto const y = temporary.template take<T>(x.size());
        auto const step = temporary.template take<T>(x.size());
        for (at.local_step = 1; at.local_step < count; ++at.local_step) {
            // Every gradient at a point with a NaN may be NaN everywhere; so the loop can name the first coordinate.
            if (B::first_non_finite(view<B, T const>(g)) < g.size()) return;
            B::combine(x, static_cast<T>(-inner), g, y); // g is the sum so far
            gradient(at, view<B, T const>(y), step);
            B::axpy(T(1), step, g);
        }
    }
};

} // namespace terse
