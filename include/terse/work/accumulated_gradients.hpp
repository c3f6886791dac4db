// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/error.hpp>
#include <terse/work/concept.hpp>

namespace terse {

/// The mean of `count` gradients at the same point: a large batch in pieces. The gradient callback is told which piece
/// it is by at.local_step.
struct accumulated_gradients {
    std::uint32_t count = 1;

    void validate(std::size_t) const {
        if (count == 0) throw configuration_error("accumulated_gradients: count must be at least 1");
    }

    template <class G, class B, class T>
    void contribute(G& gradient, worker_context at, view<B, T const> x, view<B, T> g, double,
                    scratch<B>& temporary) const {
        at.local_steps = count;
        gradient(at, x, g);
        if (count == 1) return;
        typename scratch<B>::scope const scope(temporary);
        auto const piece = temporary.template take<T>(x.size());
        for (at.local_step = 1; at.local_step < count; ++at.local_step) {
            gradient(at, x, piece);
            B::axpy(T(1), piece, g);
        }
        B::scale(T(1) / static_cast<T>(count), g);
    }
};

} // namespace terse
