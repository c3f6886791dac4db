// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/momentum/concept.hpp>
#include <terse/outer/concept.hpp>

namespace terse {

/// w <- mean x_k.
struct no_outer {
    static constexpr bool restarts = true;
    static constexpr bool pulls = false;

    template <class B, class T>
    using shared_state = stateless;

    template <class B, class T>
    void move(stateless&, input<B, T> mean, view<B, T> w, double, std::uint64_t) const {
        B::copy(mean, w);
    }
};

} // namespace terse
