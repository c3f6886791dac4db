// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/buffer.hpp>
#include <terse/cluster/traffic.hpp>
#include <terse/compressor/concept.hpp>
#include <terse/context.hpp>
#include <terse/feedback/concept.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/concept.hpp>
#include <terse/wire/fold.hpp>

namespace terse {

/// What is the same on all workers of a lockstep run, or is at the server: the update, the shared part of the momentum,
/// the server's residual, and the traffic account.
template <class Method, class B, class T>
class lockstep_server {
public:
    using shared_state = typename decltype(Method::momentum)::template shared_state<B, T>;

    void reset(Method const& method, std::size_t d) {
        shared_.reset(d);
        if (method.decay.acts_outside()) decay_momentum_.assign(d, T(0));
        if constexpr (Method::compresses_downlink) residual_.assign(d, T(0));
    }

    /// Takes note of a message of so many bytes that came up from each of so many workers, or so many times.
    template <class M>
    void account_for(M const& m, std::uint64_t bytes, std::uint32_t times) {
        traffic_.add(wire::kind_of(m), {bytes * times, 0}, m.floats() * times);
    }

    /// u = (get(0) + .. + get(n - 1)) / divisor; without messages it is the update that changes nothing.
    template <class Get>
    void fold(std::size_t n, Get get, std::uint32_t divisor, std::size_t d) {
        if (n > 0) return folder_.fold(n, get, T(1) / static_cast<T>(divisor), u_);
        u_.shape = update<B, T>::form::sparse;
        u_.sparse.reset(d, 0);
    }
    /// The same in pieces, for messages that are added up as they come.
    void begin_fold(std::size_t d) { folder<B, T>::begin(d, u_); }
    template <class Get>
    void add_to_fold(std::size_t n, Get get) {
        folder<B, T>::add(n, get, u_);
    }
    void finish_fold(std::uint32_t divisor) { folder<B, T>::finish(T(1) / static_cast<T>(divisor), u_); }

    /// u <- what is broadcast in its place: the server's momentum, and with a compressed downlink
    /// e_s <- b e_s + u; C(e_s) is sent; e_s <- e_s - C(e_s).
    void broadcast(Method const& method, context<B> at, round_scales now) {
        method.momentum.serve(shared_, u_, now, at.round);
        if constexpr (Method::compresses_downlink) {
            view<B, T> const e = residual_;
            if (method.feedback.residual_units() == units::gradient_rescaled)
                B::scale(static_cast<T>(now.last_lr / now.lr), e);
            u_.add_to(T(1), e);
            method.downlink.compress(view<B, T const>(e), message_, at);
            message_.add_to(T(-1), e);
        }
        traffic_.add(wire::kind_of(sent()), {0, sent().bytes() * at.workers}, sent().floats() * at.workers);
    }
    /// In its place, when a compressor that talks has let all workers know u: momentum at the server is momentum of
    /// each.
    void serve(Method const& method, round_scales now, std::uint64_t round) {
        method.momentum.serve(shared_, u_, now, round);
    }
    /// In its place, where the server is not: takes note of what does not travel, as this worker knows it.
    template <class M>
    void expect(Method const& method, context<B> at, M const& own) {
        if constexpr (Method::compresses_downlink)
            method.downlink.compress(view<B, T const>(residual_), message_, at); // of zeros: a shared support, parts
        else
            u_.share(own);
    }
    update<B, T>& mean() { return u_; }
    /// What travels down;
    auto& sent() {
        if constexpr (Method::compresses_downlink)
            return message_;
        else
            return u_;
    }
    /// and when it is there, u <- C(e_s).
    void receive() {
        if constexpr (Method::compresses_downlink)
            folder_.fold(
                1, [&](std::size_t) -> auto const& { return message_; }, T(1), u_);
    }

    /// w <- w - scale u, or what the momentum makes of it, after which that may keep u.
    void apply(Method const& method, round_scales now, std::uint64_t round, view<B, T> w) {
        method.decay.apply_outside(now.lr, decay_momentum_, decay_change_, w);
        apply_update<decltype(Method::momentum), B, T>(method.momentum, shared_, u_, w, now, round);
        method.momentum.absorb(shared_, u_);
    }

    /// Before so many workers add momentum to what they make of their gradients.
    void spread(Method const& method, std::size_t workers) { method.momentum.spread(shared_, workers); }

    template <class A>
    void state(A& archive) {
        shared_.state(archive);
        if constexpr (Method::compresses_downlink) archive("server residual", residual_);
        if (!decay_momentum_.empty()) archive("momentum of the decay", decay_momentum_);
        traffic_.state(archive);
    }

    shared_state const& shared() const { return shared_; }
    buffer<B, T> const& residual() const { return residual_; }
    traffic_account& traffic() { return traffic_; }
    traffic_account const& traffic() const { return traffic_; }

private:
    struct no_message {};
    template <class D>
    struct downlink_message {
        using type = no_message;
    };
    template <class D>
        requires(!std::same_as<D, uncompressed>)
    struct downlink_message<D> {
        using type = message_of<D, B, T>;
    };

    shared_state shared_;
    update<B, T> u_;
    folder<B, T> folder_;
    typename downlink_message<decltype(Method::downlink)>::type message_;
    buffer<B, T> residual_;
    buffer<B, T> decay_momentum_;
    buffer<B, T> decay_change_;
    traffic_account traffic_;
};

} // namespace terse
