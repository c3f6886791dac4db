// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/error.hpp>
#include <terse/work/concept.hpp>

namespace terse {

/// The sum of the gradients of `count` steps of plain SGD that the worker takes for itself from x:
/// y_0 = x, y_{j+1} = y_j - eta g(y_j), g = sum_j g(y_j) = (x - y_count) / eta. The gradient callback is told which
/// step it is by at.local_step.
struct local_steps {
    std::uint32_t count = 1;

    void validate(std::size_t) const {
        if (count == 0) throw configuration_error("local_steps: count must be at least 1");
    }

    template <class G, class B, class T>
    void contribute(G& gradient, worker_context at, view<B, T const> x, view<B, T> g, double lr,
                    scratch<B>& temporary) const {
        gradient(at, x, g);
        if (count == 1) return;
        typename scratch<B>::scope const scope(temporary);
        auto const y = temporary.template take<T>(x.size());
        auto const step = temporary.template take<T>(x.size());
        for (at.local_step = 1; at.local_step < count; ++at.local_step) {
            B::combine(x, static_cast<T>(-lr), g, y); // g is the sum so far
            gradient(at, view<B, T const>(y), step);
            B::axpy(T(1), step, g);
        }
    }
};

} // namespace terse
