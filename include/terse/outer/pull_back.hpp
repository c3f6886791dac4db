// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/error.hpp>
#include <terse/momentum/concept.hpp>
#include <terse/outer/slow_momentum.hpp>

namespace terse {

/// Overlap-Local-SGD: w is an anchor to which every model is pulled back, x_k <- (1 - alpha) x_k + alpha w; then
/// w <- mean x_k, and models go on from where they are. So the anchor that pulls is one period old, and its average can
/// travel while the workers compute.
struct pull_back {
    static constexpr bool restarts = false;
    static constexpr bool pulls = true;

    schedule alpha = 0.6;

    template <class B, class T>
    using shared_state = stateless;

    void validate(std::size_t) const {
        if (!alpha.within(0, 1)) throw configuration_error("pull_back: alpha must lie in [0, 1]");
    }

    template <class B, class T>
    void pull(input<B, T> w, view<B, T> x, std::uint64_t round) const {
        auto const a = alpha(round);
        B::axpby(static_cast<T>(a), w, static_cast<T>(1 - a), x);
    }
    template <class B, class T>
    void move(stateless&, input<B, T> mean, view<B, T> w, double, std::uint64_t) const {
        B::copy(mean, w);
    }
};

/// The same with momentum of the anchor: v <- beta v + (w - mean x_k) / gamma; w <- w - gamma v.
struct pull_back_momentum {
    static constexpr bool restarts = false;
    static constexpr bool pulls = true;

    schedule alpha = 0.6;
    schedule beta = 0.7;

    template <class B, class T>
    using shared_state = slow_momentum::shared_state<B, T>;

    void validate(std::size_t d) const {
        pull_back{.alpha = alpha}.validate(d);
        if (!beta.within(0, 1)) throw configuration_error("pull_back_momentum: beta must lie in [0, 1]");
    }

    template <class B, class T>
    void pull(input<B, T> w, view<B, T> x, std::uint64_t round) const {
        pull_back{.alpha = alpha}.pull(w, x, round);
    }
    template <class B, class T>
    void move(slow_momentum::shared_state<B, T>& own, input<B, T> mean, view<B, T> w, double gamma,
              std::uint64_t round) const {
        slow_momentum{.alpha = 1.0, .beta = beta}.move(own, mean, w, gamma, round);
    }
};

} // namespace terse
