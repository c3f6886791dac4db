// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/backend/view.hpp>

namespace terse {

/// A step of momentum that is still to be made: m <- beta m + g. What comes out is m, or Nesterov's g + beta m. Whoever
/// reads it makes it, once; a backend may do so in a pass that it makes anyway.
template <class B, class T>
struct momentum_step {
    T beta;
    view<B, T> g; ///< may be overwritten
    view<B, T> m;
    bool nesterov;

    view<B, T const> make() const {
        B::axpby(T(1), g, beta, m);
        if (!nesterov) return m;
        B::axpy(beta, m, g);
        return g;
    }

    momentum_step part(std::size_t first, std::size_t count) const {
        return {beta, g.part(first, count), m.part(first, count), nesterov};
    }
};

} // namespace terse
