// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/error.hpp>
#include <terse/momentum/concept.hpp>

namespace terse {

/// Accelerated stochastic approximation, AC-SA (Lan 2012; Ghadimi & Lan 2012). Two sequences start at w_0: w, which
/// takes long steps, and ag, an average, which is the output and is here the model. In round t = 1, 2, ..
///   md = w/b_t + (1 - 1/b_t) ag,   g at md,   w <- w - gam_t g,   ag <- w/b_t + (1 - 1/b_t) ag.
/// The learning rate is gam in the convex schedule, b_t = (t + 1)/2 and gam_t = gam (t + 1)/2, where gam <= 1/(2L); it
/// is gam_t if b_t is constant. With strong convexity mu it is eta, eta mu <= 1, in
///   ag <- md - eta g,   w <- (1 - 1/a) w + md/a - gam g,   gam = sqrt(eta/mu),  a = 1/(gam mu),  b = a + 1.
/// What is kept is v = w - ag.
struct accelerated_momentum {
    double strong_convexity = 0; ///< mu; 0: the convex schedule
    double weight = 0;           ///< b_t if it is to be constant, at least 1; 0: as above

    template <class B, class T>
    using worker_state = stateless;

    template <class B, class T>
    struct shared_state {
        buffer<B, T> v;
        void reset(std::size_t d) { v.assign(d, T(0)); }
        template <class A>
        void state(A& archive) {
            archive("accelerated momentum", v);
        }
    };

    void validate(std::size_t) const {
        if (!(strong_convexity >= 0 && std::isfinite(strong_convexity)))
            throw configuration_error("accelerated_momentum: strong_convexity must be finite and not negative");
        if (!(weight == 0 || (weight >= 1 && std::isfinite(weight))))
            throw configuration_error("accelerated_momentum: weight must be at least 1, or 0");
        if (weight != 0 && strong_convexity != 0)
            throw configuration_error("accelerated_momentum: give either weight or strong_convexity");
    }

    /// Of one round: md = ag + v/b; ag <- md - step g; v <- kept v - push g.
    struct factors {
        double b, step, kept, push;
    };
    /// Throws configuration_error if lr mu > 1.
    factors factors_of(double lr, std::uint64_t round) const {
        if (strong_convexity != 0) {
            if (!(lr * strong_convexity <= 1))
                throw configuration_error("accelerated_momentum: the learning rate must be at most 1/mu");
            double const gam = std::sqrt(lr / strong_convexity);
            double const b = 1 / (gam * strong_convexity) + 1;
            return {b, lr, 1 - 2 / b, gam - lr};
        }
        double const b = weight != 0 ? weight : (static_cast<double>(round) + 2) / 2;
        double const gam = weight != 0 ? lr : lr * b;
        return {b, gam / b, 1 - 1 / b, gam * (1 - 1 / b)};
    }

    template <class B, class T>
    view<B, T const> point(shared_state<B, T> const& shared, input<B, T> ag, view<B, T> md, round_scales now,
                           std::uint64_t round) const {
        B::combine(ag, static_cast<T>(1 / factors_of(now.lr, round).b), shared.v, md);
        return md;
    }
    template <class B, class T>
    view<B, T const> inject(stateless&, shared_state<B, T> const&, view<B, T> g, round_scales, std::uint64_t) const {
        return g;
    }
    template <class M>
    void forget(stateless&, M const&) const {}
    template <class B, class T>
    void serve(shared_state<B, T>&, update<B, T>&, round_scales, std::uint64_t) const {}
    template <class B, class T>
    void apply(shared_state<B, T>& shared, update<B, T> const& u, view<B, T> ag, round_scales now,
               std::uint64_t round) const {
        auto const f = factors_of(now.lr, round);
        double const g = now.scale / now.lr; // u in units of the gradient
        view<B, T> const v = shared.v;
        B::axpy(static_cast<T>(1 / f.b), v, ag); // md
        u.add_to(static_cast<T>(-f.step * g), ag);
        B::scale(static_cast<T>(f.kept), v);
        u.add_to(static_cast<T>(-f.push * g), v);
    }
    template <class B, class T>
    void absorb(shared_state<B, T>&, update<B, T>&) const {}
};

} // namespace terse
