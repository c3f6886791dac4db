// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/work/concept.hpp>

namespace terse {

/// One stochastic gradient.
struct one_gradient {
    template <class G, class B, class T>
    void contribute(G& gradient, worker_context at, view<B, T const> x, view<B, T> g, double, scratch<B>&) const {
        gradient(at, x, g);
    }
};

} // namespace terse
