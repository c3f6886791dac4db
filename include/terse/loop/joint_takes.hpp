// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/accumulation.hpp>
#include <terse/backend/added_before.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>
#include <terse/compressor/take_all.hpp>
#include <terse/loop/lockstep_round.hpp>
#include <terse/loop/worker.hpp>

namespace terse {

/// What several workers of a lockstep run take with one call of the compressor, which on a device starts no more
/// kernels for all than for one. It is the middle of their offer() or send(), with the same bits.
template <class Method, class B, class T>
class joint_takes {
public:
    using worker = lockstep_worker<Method, B, T>;
    using message = typename worker::message;
    using round = lockstep_round<Method, B, T>;

    /// Whether that shares anything, with the method's compressor on this backend.
    static constexpr bool of_offers =
        worker::can_offer && (worker::defers ? DefersForAll<typename worker::compressor, B, T>
                                             : SharesTakes<typename worker::compressor, B, T, view<B, T const>>);
    static constexpr bool of_sends = Method::keeps_residual && worker::has_momentum &&
                                     SharesTakes<typename worker::compressor, B, T, typename worker::contribution>;

    /// For a wave of n workers, of whom nobody takes yet.
    void begin(std::size_t n, std::size_t d) {
        takers_.clear();
        bad_.assign(n, d);
    }
    /// The i-th takes too, of its contribution g; e is the residual for an offer.
    void add(std::size_t i, worker& who, view<B, T const> e, view<B, T> g, message& out, context<B> at) {
        takers_.push_back({i, &who, e, g, &out, at});
    }
    bool empty() const { return takers_.empty(); }
    std::size_t first() const { return takers_.front().i; }

    void offer(round const& now, scratch<B>& temporary) {
        auto const& momentum = now.method.momentum;
        auto const take_from = [&]<class E>(E e) { // a vector, or an addition before it
            take<E>(now, temporary, [&](taker const& t) {
                if constexpr (requires { e.x; })
                    e.x = t.e;
                else
                    e = t.e;
                return worker::offer_of(now.method, t.at, now.scales, e, t.g, *t.out);
            });
        };
        if constexpr (worker::joins && TakesForAll<typename worker::compressor, B, T, added_before<B, T>>)
            if (auto const both = momentum.pending(now.shared, now.scales, now.all.round); !both.u.empty())
                return take_from(both);
        inject(now, temporary);
        if constexpr (worker::defers)
            take_deferred(now, temporary);
        else
            take_from(view<B, T const>());
    }
    void send(round const& now, scratch<B>& temporary) {
        take<typename worker::contribution>(now, temporary, [&](taker const& t) {
            return t.who->send_of(now.method, now.shared, t.at, now.scales, t.g, *t.out);
        });
    }
    /// What momentum of the workers' own forgets of what they sent, in one launch too where it can.
    void forget(round const& now) {
        auto const& momentum = now.method.momentum;
        std::vector<typename worker::worker_state*> each;
        std::vector<message const*> sent;
        for (auto const& t : takers_) {
            each.push_back(&t.who->own_momentum());
            sent.push_back(t.out);
        }
        std::span<typename worker::worker_state* const> const states(each);
        std::span<message const* const> const messages(sent);
        if constexpr (requires { momentum.template forget_all<B, T>(states, messages); })
            momentum.template forget_all<B, T>(states, messages);
        else
            for (std::size_t j = 0; j < each.size(); ++j) momentum.forget(*each[j], *sent[j]);
    }
    /// The first coordinate that was NaN or infinite in what the i-th took from, or d.
    std::size_t bad(std::size_t i) const { return bad_[i]; }

private:
    struct taker {
        std::size_t i;
        worker* who;
        view<B, T const> e;
        view<B, T> g;
        message* out;
        context<B> at;
    };

    template <class G, class F>
    void take(round const& now, scratch<B>& temporary, F of) {
        std::vector<typename worker::template taking<G>> all;
        for (auto const& t : takers_) all.push_back(of(t));
        take_all<B, T>(now.method.compressor, std::span(all), temporary);
        for (std::size_t j = 0; j < all.size(); ++j) bad_[takers_[j].i] = all[j].bad;
    }
    void take_deferred(round const& now, scratch<B>& temporary) {
        std::vector<deferred_take<message, B, T, typename worker::deferred>> all;
        for (auto const& t : takers_)
            all.push_back(t.who->deferred_offer_of(worker::offer_of(now.method, t.at, now.scales, t.e, t.g, *t.out)));
        now.method.compressor.take_deferred_all(std::span(all), temporary);
        for (std::size_t j = 0; j < all.size(); ++j) bad_[takers_[j].i] = all[j].take.bad;
    }
    void inject(round const& now, scratch<B>& temporary) {
        auto const& momentum = now.method.momentum;
        if constexpr (AccumulatesForAll<B, T> && requires { momentum.pending(now.shared, now.scales, now.all.round); })
            if (auto const both = momentum.pending(now.shared, now.scales, now.all.round); !both.u.empty()) {
                std::vector<accumulation<B, T>> sums;
                for (auto const& t : takers_) sums.push_back({both.a, both.u, T(1), t.g});
                B::accumulate(std::span(std::as_const(sums)), temporary);
                return;
            }
        std::vector<view<B, T>> each;
        for (auto const& t : takers_) each.push_back(t.g);
        std::span<view<B, T> const> const all(each);
        stateless none; // offers are made by workers without momentum of their own
        if constexpr (requires { momentum.inject_all(now.shared, all, now.scales, now.all.round); })
            momentum.inject_all(now.shared, all, now.scales, now.all.round);
        else
            for (auto const g : all) momentum.inject(none, now.shared, g, now.scales, now.all.round);
    }

    std::vector<taker> takers_;
    std::vector<std::size_t> bad_;
};

} // namespace terse
