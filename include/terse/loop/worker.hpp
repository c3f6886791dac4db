// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <terse/backend/buffer.hpp>
#include <terse/backend/momentum_step.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/compressor/collective.hpp>
#include <terse/compressor/take.hpp>
#include <terse/compressor/take_all.hpp>
#include <terse/error.hpp>
#include <terse/feedback/concept.hpp>
#include <terse/loop/figures.hpp>
#include <terse/momentum/concept.hpp>

namespace terse {

/// A worker of a lockstep run: its momentum, its residual, and what it makes of its contribution to a round. That is
/// either send(), or offer() and accept().
template <class Method, class B, class T>
class lockstep_worker {
public:
    using message = typename detail::said_by<decltype(Method::compressor), B, T>::type;
    using compressor = decltype(Method::compressor);
    using momentum = decltype(Method::momentum);
    using worker_state = typename momentum::template worker_state<B, T>;
    using shared_state = typename momentum::template shared_state<B, T>;
    template <class G>
    using taking = worker_take<message, B, T, G>;

    /// What is compressed: its gradient with the momentum in it, which is still to be made if it can be.
    static constexpr bool steps = requires(momentum const m, worker_state own, view<B, T> g) { m.step(own, g, 0); };
    using contribution = std::conditional_t<steps, momentum_step<B, T>, view<B, T const>>;

    /// Whether a worker can compress without changing its state: the new residual is made in the memory of the
    /// gradient, and takes the place of the old one when the round is known to be good. Momentum of its own, which
    /// changes too, has no such place.
    static constexpr bool has_momentum = !std::same_as<worker_state, stateless>;
    static constexpr bool can_offer = Method::keeps_residual && !has_momentum;

    /// Whether the momentum can be added in the pass of the compressor.
    static constexpr bool joins = can_offer && requires(Method const m, T a, shared_state const shared, view<B, T> y,
                                                        message out, context<B> at, round_scales now) {
        { m.compressor.take(a, m.momentum.pending(shared, now, 0), a, y, out, at) } -> std::same_as<std::size_t>;
    };

    /// Whether what was sent is subtracted only when the residual is read: by the next offer() or open(), or by
    /// residual().
    static constexpr bool defers =
        Method::keeps_residual && !Method::moves_point &&
        ((can_offer && DefersSubtraction<compressor, B, T>) || OpensDeferred<compressor, B, T>);

    using deferred = typename std::conditional_t<Confers<compressor>, detail::left_by<compressor, B, T>,
                                                 detail::deferred_by<compressor, B, T>>::type;

    void reset(std::size_t d) {
        momentum_.reset(d);
        if constexpr (Method::keeps_residual) residual_.assign(d, T(0));
        deferred_ = {};
    }

    /// out = what the worker sends of its contribution g, with the residual e; g becomes the new residual, and nothing
    /// else changes. If the worker is to keep everything, the new residual is as if it had sent nothing. If the context
    /// checks, throws non_finite_error where e + g is NaN or infinite.
    void offer(Method const& method, shared_state const& shared, context<B> at, round_scales now, view<B, T const> e,
               view<B, T> g, bool keeps, message& out, worker_figures* figures) requires can_offer {
        auto const inject = [&] { method.momentum.inject(momentum_, shared, g, now, at.round); }; // into g
        auto const [a, b] = factors(method, now);
        std::size_t bad = 0; // g <- b e + a g; g <- g - C(g)
        if (keeps) {
            inject();
            settle(deferred_, residual_);
            offered_ = {};
            bad = keep(method, b, e, a, g, out, at);
        } else if constexpr (defers) {
            inject();
            // Nothing is deferred where e is the mean of the residuals, because all were read for it.
            bad = method.compressor.template take_deferred<B, T>(b, e, deferred_, a, g, out, offered_, at);
        } else {
            bad = inject_and_take(method, shared, b, e, a, g, out, at, now);
        }
        if (at.checks && bad < g.size()) throw non_finite_error(at.worker, at.round, bad);
        offered(at, g, keeps, out, figures);
    }
    /// In two halves, for a compressor that takes for several workers at once: what offer() takes of g, which has the
    /// momentum in it, or of e with an addition to g that is still to be made;
    template <class E>
    static taking<E> offer_of(Method const& method, context<B> at, round_scales now, E const& e, view<B, T> g,
                              message& out) requires can_offer {
        auto const [a, b] = factors(method, now);
        return {b, e, a, g, &out, at};
    }
    /// the same where the subtraction is deferred, also of what was in the residual e;
    deferred_take<message, B, T, deferred> deferred_offer_of(taking<view<B, T const>> const& t) requires defers {
        return {t, deferred_, &offered_};
    }
    /// and the rest, when all is finite.
    void offered(context<B> at, view<B, T> g, bool keeps, message const& out,
                 worker_figures* figures) requires can_offer {
        if (figures == nullptr) return;
        settle(offered_, g);
        figures->measure(view<B, T const>(g), keeps, out, *at.temporary);
    }
    void accept(buffer<B, T>& g) requires can_offer {
        residual_.swap(g);
        deferred_ = offered_;
    }

    /// g <- what the worker compresses of its contribution g, with the residual e, made by open(b, e, what e has still
    /// to lose, a, g), which returns the first coordinate that is NaN or infinite then; for a compressor that talks.
    /// Nothing else changes but momentum of the worker's own.
    template <class Open>
    void open(Method const& method, shared_state const& shared, worker_context const& at, round_scales now,
              view<B, T const> e, view<B, T> g, bool check, worker_figures* figures, Open start) {
        view<B, T const> const v = method.momentum.inject(momentum_, shared, g, now, at.round);
        if (v.data() != g.data()) B::copy(v, g);
        auto const [a, b] = factors(method, now);
        auto const bad = Method::keeps_residual ? start(b, e, deferred_, a, g) : start(T(0), e, deferred_, T(1), g);
        if (check && bad < g.size()) throw non_finite_error(at.worker, at.round, bad);
        if (figures != nullptr) figures->input_squared = B::sum_of_squares(view<B, T const>(g));
    }
    /// When all have heard the update u: g, which is what was not sent once it has lost the rest, becomes the residual.
    template <class Rest>
    void close(Method const& method, update<B, T> const& u, buffer<B, T>& g, Rest& rest, worker_figures* figures) {
        if constexpr (detail::left_by<compressor, B, T>::any) {
            if (figures != nullptr || (Method::keeps_residual && !defers))
                compressor::template settle<B, T>(rest, view<B, T>(g));
            if constexpr (defers) std::swap(deferred_, rest);
        }
        if (figures != nullptr) figures->lost_squared = B::sum_of_squares(view<B, T const>(g));
        if constexpr (Method::keeps_residual) residual_.swap(g);
        method.momentum.forget(momentum_, u);
    }

    /// out = what the worker sends of its contribution g, which is overwritten. If the worker is to keep everything,
    /// its state is as if it had sent nothing. Figures are measured if asked for.
    void send(Method const& method, shared_state const& shared, context<B> at, round_scales now, view<B, T> g,
              bool keeps, message& out, worker_figures* figures) {
        if constexpr (Method::keeps_residual) { // e <- b e + a v; e <- e - C(e)
            auto const t = send_of(method, shared, at, now, g, out);
            if (keeps)
                keep(method, t.a, t.g, t.b, t.e, out, at);
            else
                take<B, T>(method.compressor, t.a, t.g, t.b, t.e, out, at);
            sent(at, keeps, out, figures);
            if (!keeps) method.momentum.forget(momentum_, out);
        } else {
            view<B, T const> const v = method.momentum.inject(momentum_, shared, g, now, at.round);
            method.compressor.compress(v, out, at);
            if (figures != nullptr) figures->measure(v, true, out, *at.temporary);
            if (!keeps) method.momentum.forget(momentum_, out);
        }
    }
    /// In two halves too, where a residual is kept: what send() takes,
    taking<contribution> send_of(Method const& method, shared_state const& shared, context<B> at, round_scales now,
                                 view<B, T> g, message& out) {
        auto const [a, b] = factors(method, now);
        if constexpr (steps)
            return {a, method.momentum.step(momentum_, g, at.round), b, residual_, &out, at};
        else
            return {a, method.momentum.inject(momentum_, shared, g, now, at.round), b, residual_, &out, at};
    }
    /// and the rest, but for what its momentum forgets.
    void sent(context<B> at, bool keeps, message const& out, worker_figures* figures) {
        if (figures != nullptr) figures->measure(view<B, T const>(residual_), keeps, out, *at.temporary);
    }

    worker_state& own_momentum() { return momentum_; }

    template <class A>
    void state(A& archive) {
        momentum_.state(archive);
        if constexpr (Method::keeps_residual) archive("residual", residual());
    }

    /// Not for two threads at the same time, because what was deferred is subtracted now.
    buffer<B, T>& residual() {
        settle(deferred_, residual_);
        return residual_;
    }
    buffer<B, T> const& residual() const {
        settle(deferred_, residual_);
        return residual_;
    }
    /// The residual, from which the last message may be still to subtract.
    view<B, T const> stored_residual() const { return residual_; }

private:
    static void settle(deferred& rest, view<B, T> e) {
        if constexpr (defers) compressor::template settle<B, T>(rest, e);
    }

    // a and b of e <- b e + a v
    static std::pair<T, T> factors(Method const& method, round_scales now) {
        auto const unit = method.feedback.residual_units();
        return {unit == units::model ? static_cast<T>(now.lr) : T(1),
                unit == units::gradient_rescaled ? static_cast<T>(now.last_lr / now.lr) : T(1)};
    }

    // y <- y + the momentum; y <- b y + a x; out = C(y); y <- y - out. In one pass if it can be.
    std::size_t inject_and_take(Method const& method, shared_state const& shared, T a, view<B, T const> x, T b,
                                view<B, T> y, message& out, context<B> at, round_scales now) {
        if constexpr (joins)
            if (auto both = method.momentum.pending(shared, now, at.round); !both.u.empty()) {
                both.x = x;
                return method.compressor.take(a, both, b, y, out, at);
            }
        method.momentum.inject(momentum_, shared, y, now, at.round);
        return take<B, T>(method.compressor, a, x, b, y, out, at);
    }

    // y <- b y + a x; out = C(y), which stays in y. Returns the first coordinate that is not finite, or the size.
    template <class X>
    static std::size_t keep(Method const& method, T a, X const& x, T b, view<B, T> y, message& out, context<B> at) {
        auto const bad = detail::accumulate<B, T>(a, x, b, y, at.temporary, at.checks);
        method.compressor.compress(view<B, T const>(y), out, at);
        return bad;
    }

    worker_state momentum_;
    mutable buffer<B, T> residual_;
    mutable deferred deferred_{};
    deferred offered_{};
};

} // namespace terse
