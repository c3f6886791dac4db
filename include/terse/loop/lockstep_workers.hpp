// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/backend/place.hpp>
#include <terse/cluster/concept.hpp>
#include <terse/cluster/traffic.hpp>
#include <terse/context.hpp>
#include <terse/loop/conference.hpp>
#include <terse/loop/contribution.hpp>
#include <terse/loop/joint_contributions.hpp>
#include <terse/loop/joint_takes.hpp>
#include <terse/loop/lockstep_round.hpp>
#include <terse/loop/residuals.hpp>
#include <terse/loop/roll.hpp>
#include <terse/loop/worker.hpp>
#include <terse/wire/dense.hpp>

namespace terse {

/// The workers that this process hosts in a lockstep run, and their half of a round: contribute(), then confer() if
/// they must, then send(), for as many of them at a time as have gradients in flight.
template <class Method, class Session, class B, class T>
class lockstep_workers {
public:
    using worker = lockstep_worker<Method, B, T>;
    using message = typename worker::message;
    using round = lockstep_round<Method, B, T>;

    // Dense messages are added up as they come, so that there need not be one for each worker at the same time.
    static constexpr bool adds_up = std::same_as<message, dense_message<B, T>>;
    static constexpr bool confers = Confers<decltype(Method::compressor)>;

    explicit lockstep_workers(Session session)
        : session_(std::move(session)), workers_(session_.hosted()), figures_(session_.hosted()),
          gradients_(session_.in_flight()), threads_(session_.threads()),
          messages_(adds_up ? session_.at_once() : session_.hosted()) {}

    void reset(Method const& method, std::size_t d) {
        for (unsigned i = 0; i < threads_.size(); ++i) threads_[i].temporary.helpers = team_of(session_, i);
        for (auto& k : workers_) k.reset(d);
        for (auto& g : gradients_) g.resize(d);
        conference_.reset(method, d, workers_.size());
    }

    Session& session() const { return session_; } // to talk changes nothing
    std::size_t hosted() const { return workers_.size(); }
    std::size_t in_flight() const { return gradients_.size(); }
    worker& operator[](std::size_t k) { return workers_.at(k); }
    worker const& operator[](std::size_t k) const { return workers_.at(k); }
    std::span<worker const> all() const { return workers_; }
    std::span<message> messages() { return messages_; }
    std::span<worker_figures const> figures() const { return figures_; }
    auto& conference() { return conference_; }
    terse::roll<Session> const& roll() const { return roll_; }
    scratch<B>& temporary() { return threads_[0].temporary; } ///< of the thread that calls
    context<B> context_of(round const& now, std::uint32_t who, unsigned thread, bool checks = false) {
        return {now.of(who), 0, &threads_[thread].temporary, checks};
    }

    void call_roll(round const& now) { roll_.call(session_, now.all.seed, now.all.round); }
    /// The mean waits in residual_mean_ until all gradients are known to be good.
    void average_residuals(round const& now) {
        averages_ = Method::keeps_residual && now.method.feedback.averages_residuals(now.all.round);
        if (averages_)
            averaging_ = mean_residual(session_, all(), now.w.size(), residual_mean_,
                                       [&](std::uint32_t k) { return roll_.of(k).computes(); });
    }

    /// Gradients of n workers from hosted worker `first` on, and where that changes nothing, what is made of them. An
    /// exception of one of them is thrown in all processes.
    template <class G>
    void contribute(round const& now, std::size_t first, std::size_t n, G& gradient) {
        if constexpr (joins) return contribute_together(now, first, n, gradient);
        if constexpr (confers) conference_.begin(now.method, context_of(now, shared_by_all, 0));
        in_this_place<B>(session_).agree(n, [&](std::size_t i, unsigned thread) {
            auto const k = first + i;
            if (!roll_.of(number(k)).computes()) return;
            contribute_one(now, k, gradients_[i], thread, gradient);
            if constexpr (offers) offer(now, k, gradients_[i], thread);
            if constexpr (opens_early) open(now, k, thread);
        });
    }

    /// u = what all workers agree on; `said` counts what that takes. Nothing has changed when this fails, but for
    /// momentum of the workers' own, before which changes() is called.
    template <class F>
    void confer(round const& now, update<B, T>& u, traffic_account& said, F changes) requires confers {
        if constexpr (!opens_early) {
            changes();
            in_this_place<B>(session_).for_each(hosted(),
                                                [&](std::size_t k, unsigned thread) { open(now, k, thread); });
        }
        said = {};
        collectives<Session, B, T> cluster(session_, gradients_, threads_, now.of(shared_by_all), now.scales,
                                           now.checks, said);
        conference_.confer(now.method, cluster, u);
        if constexpr (one_server<Session>) session_.from_server(said, 1);
    }

    /// The first change of a round, when nothing can fail any more but what ends the run.
    void begin_changes(round const& now, traffic_account& traffic) {
        for (std::size_t k = 0; k < hosted(); ++k)
            if (roll_.of(number(k)).part == part::crashed) workers_[k].reset(now.w.size());
        if (!averages_) return;
        if constexpr (!offers && !confers) // otherwise the new residuals were made from the mean
            for (std::size_t k = 0; k < hosted(); ++k)
                if (roll_.of(number(k)).computes()) B::copy(residual_mean_, view<B, T>(workers_[k].residual()));
        traffic.add_averaging(now.w.size(), sizeof(T), averaging_);
    }

    /// Messages of the workers that contributed, and their new state. Where messages add up, use(the first worker, how
    /// many) is called whenever there are as many as there is room for.
    template <class F>
    void send(round const& now, update<B, T> const& u, std::size_t first, std::size_t n, F use) {
        if constexpr (offers) {
            for (std::size_t i = 0; i < n; ++i)
                if (roll_.of(number(first + i)).computes()) workers_[first + i].accept(gradients_[i]);
        } else if constexpr (confers) {
            in_this_place<B>(session_).for_each(n, [&](std::size_t k, unsigned) {
                workers_[k].close(now.method, u, gradients_[k], conference_.rest(k), figures_of(now, k));
            });
        } else {
            auto const wave = adds_up ? messages_.size() : n;
            for (std::size_t begin = 0; begin < n; begin += wave) {
                auto const these = std::min(wave, n - begin);
                send_wave(now, first + begin, begin, these);
                if constexpr (adds_up) use(first + begin, these);
            }
        }
    }

private:
    static constexpr bool offers = worker::can_offer && !adds_up && !confers;
    static constexpr bool opens_early = confers && !worker::has_momentum;
    using takes = joint_takes<Method, B, T>;
    static constexpr bool sends_together = takes::of_sends && !adds_up;
    using one_contribution = contribution<Method, B, T>;
    using contributions = joint_contributions<Method, B, T>;
    static constexpr bool joins = contributions::possible && (offers ? takes::of_offers : sends_together);

    std::uint32_t number(std::size_t k) const { return session_.first() + static_cast<std::uint32_t>(k); }
    worker_figures* figures_of(round const& now, std::size_t k) { return now.measures ? &figures_[k] : nullptr; }
    view<B, T const> residual_of(std::size_t k) const {
        return averages_ ? view<B, T const>(residual_mean_) : workers_[k].stored_residual();
    }

    // Whether NaN and infinity are looked for in gradients: otherwise they are found for nothing.
    static bool looks_early(round const& now) {
        return now.checks && (!(offers || opens_early) || now.method.clip.is_on());
    }
    template <class G>
    void contribute_one(round const& now, std::size_t k, view<B, T> g, unsigned thread, G& gradient) {
        auto const at = now.of(number(k));
        auto const x = one_contribution::make(now, at, residual_of(k), g, threads_[thread], gradient);
        one_contribution::adjust(now, at, x, g, looks_early(now));
        if (now.measures) figures_[k].gradient_squared = B::sum_of_squares(view<B, T const>(g));
    }
    void offer(round const& now, std::size_t k, view<B, T> g, unsigned thread) {
        workers_[k].offer(now.method, now.shared, context_of(now, number(k), thread, now.checks), now.scales,
                          residual_of(k), g, roll_.of(number(k)).keeps(), messages_[k], figures_of(now, k));
    }
    // What goes wrong with some is told when all are through, so that it is the lowest of them who is named, however
    // far each of them came.
    template <class G>
    void contribute_together(round const& now, std::size_t first, std::size_t n, G& gradient) {
        contributions_.begin(n);
        in_this_place<B>(session_).for_each(n, [&](std::size_t i, unsigned thread) {
            auto const k = first + i;
            if (roll_.of(number(k)).computes())
                contributions_.make(now, i, now.of(number(k)), residual_of(k), gradients_[i], looks_early(now),
                                    figures_of(now, k), threads_[thread], gradient);
        });
        contributions_.finish(now, looks_early(now), temporary());
        if constexpr (offers) {
            choose_takers(now, first, n, now.checks, [&](std::size_t i, attendance const& here) {
                return !contributions_.failed(i) && !here.keeps();
            });
            if (!takes_.empty()) contributions_.attempt(takes_.first(), [&] { takes_.offer(now, temporary()); });
        }
        in_this_place<B>(session_).agree(n, [&](std::size_t i, unsigned thread) {
            contributions_.rethrow(i);
            if constexpr (offers) {
                auto const k = first + i;
                auto const here = roll_.of(number(k));
                if (takes_.bad(i) < now.w.size()) throw non_finite_error(number(k), now.all.round, takes_.bad(i));
                if (here.keeps()) return offer(now, k, gradients_[i], thread);
                if (here.computes())
                    workers_[k].offered(context_of(now, number(k), thread), gradients_[i], false, messages_[k],
                                        figures_of(now, k));
            }
        });
    }
    // Those of the n workers from `first` on, all that are in flight, who compute and take part: may(i, attendance).
    template <class F>
    void choose_takers(round const& now, std::size_t first, std::size_t n, bool checks, F may) {
        takes_.begin(n, now.w.size());
        for (std::size_t i = 0; i < n; ++i)
            if (auto const here = roll_.of(number(first + i)); here.computes() && may(i, here))
                takes_.add(i, workers_[first + i], residual_of(first + i), gradients_[i], messages_[first + i],
                           context_of(now, number(first + i), 0, checks));
    }
    // A worker's vector is made in the memory of its gradient, and what it says first.
    void open(round const& now, std::size_t k, unsigned thread) {
        auto const at = context_of(now, number(k), thread, now.checks);
        workers_[k].open(now.method, now.shared, at, now.scales, residual_of(k), gradients_[k], now.checks,
                         figures_of(now, k), [&](T a, view<B, T const> x, auto const& rest, T b, view<B, T> y) {
                             return conference_.open(now.method, a, x, rest, b, y, k, at);
                         });
    }
    void send_wave(round const& now, std::size_t first, std::size_t begin, std::size_t n) {
        if constexpr (sends_together) {
            choose_takers(now, first, n, false, [](std::size_t, attendance const& here) { return !here.keeps(); });
            if (!takes_.empty()) // by the session, which may have to tell others of an exception
                in_this_place<B>(session_).for_each(1, [&](std::size_t, unsigned thread) {
                    takes_.send(now, threads_[thread].temporary);
                    takes_.forget(now);
                });
        }
        in_this_place<B>(session_).for_each(n, [&](std::size_t i, unsigned thread) {
            auto const k = first + i;
            auto const here = roll_.of(number(k));
            if (!here.computes()) return;
            auto const at = context_of(now, number(k), thread);
            auto& out = messages_[adds_up ? i : k];
            if constexpr (sends_together)
                if (!here.keeps()) return workers_[k].sent(at, false, out, figures_of(now, k));
            workers_[k].send(now.method, now.shared, at, now.scales, gradients_[begin + i], here.keeps(), out,
                             figures_of(now, k));
        });
    }

    mutable Session session_;
    std::vector<worker> workers_;
    std::vector<worker_figures> figures_;
    std::vector<buffer<B, T>> gradients_;
    std::vector<thread_memory<B, T>> threads_;
    std::vector<message> messages_;
    std::conditional_t<confers, terse::conference<Method, B, T>, no_conference> conference_;
    buffer<B, T> residual_mean_;
    takes takes_;
    contributions contributions_;
    terse::roll<Session> roll_;
    std::uint32_t averaging_ = 0; ///< how many residuals residual_mean_ is the mean of
    bool averages_ = false;
};

} // namespace terse
