// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>

#include <terse/backend/buffer.hpp>
#include <terse/error.hpp>

namespace terse {

/// Weight decay. Coupled: rate x is added to each gradient, x being the point where it was taken. Outside the
/// compressed stream: every worker applies w <- w - eta b for itself, b = rate w with beta = 0, else b <- beta b + rate
/// w (DGC's code), or with Nesterov's form w <- w - eta (beta b + rate w) (dist-EF-SGD's code).
struct weight_decay {
    double rate = 0; ///< 0: off
    bool outside = false;
    double beta = 0; ///< momentum of the decay outside the stream
    bool nesterov = false;

    void validate(std::size_t) const {
        if (!(rate >= 0 && std::isfinite(rate)))
            throw configuration_error("weight_decay: the rate must be finite and not negative");
        if (!(beta >= 0 && beta <= 1)) throw configuration_error("weight_decay: beta must lie in [0, 1]");
    }

    bool couples() const { return rate != 0 && !outside; }
    bool acts_outside() const { return rate != 0 && outside; }

    template <class B, class T>
    void couple(view<B, T const> x, view<B, T> g) const {
        if (couples()) B::axpy(static_cast<T>(rate), x, g);
    }

    /// Before the round's update is applied; `b` is the decay's momentum, of w's size and 0 at first, `change`
    /// temporary memory.
    template <class B, class T>
    void apply_outside(double lr, buffer<B, T>& b, buffer<B, T>& change, view<B, T> w) const {
        if (!acts_outside()) return;
        B::axpby(static_cast<T>(rate), w, static_cast<T>(beta), view<B, T>(b)); // b = beta b + rate w
        if (!nesterov) return B::axpy(static_cast<T>(-lr), b, w);
        change.resize(w.size());
        B::copy(w, view<B, T>(change));
        B::scale(static_cast<T>(rate), view<B, T>(change));
        B::axpy(static_cast<T>(beta), b, view<B, T>(change)); // beta b + rate w
        B::axpy(static_cast<T>(-lr), change, w);
    }
};

} // namespace terse
