// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/error.hpp>
#include <terse/outer/concept.hpp>
#include <terse/run/schedule.hpp>

namespace terse {

/// SlowMo's outer step, with gamma the learning rate of the last local step (SlowMo paper, equations 2 and 3):
/// u <- beta u + (w - mean x_k) / gamma;  w <- w - alpha gamma u. u is in gradient units.
struct slow_momentum {
    static constexpr bool restarts = true;
    static constexpr bool pulls = false;

    schedule alpha = 1.0;
    schedule beta = 0.5;

    template <class B, class T>
    struct shared_state {
        buffer<B, T> u;
        void reset(std::size_t d) { u.assign(d, T(0)); }
        template <class A>
        void state(A& archive) {
            archive("slow momentum", u);
        }
    };

    void validate(std::size_t) const {
        if (!alpha.within(0, 1e6)) throw configuration_error("slow_momentum: alpha must be finite and not negative");
        if (!beta.within(0, 1)) throw configuration_error("slow_momentum: beta must lie in [0, 1]");
    }

    template <class B, class T>
    void move(shared_state<B, T>& own, input<B, T> mean, view<B, T> w, double gamma, std::uint64_t round) const {
        view<B, T> const u = own.u;
        B::axpy(T(-1), mean, w); // w - mean, until the last line
        B::axpby(static_cast<T>(1 / gamma), w, static_cast<T>(beta(round)), u);
        B::axpy(static_cast<T>(-alpha(round) * gamma), u, w);
        B::axpy(T(1), mean, w);
    }
};

} // namespace terse
