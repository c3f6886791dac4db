// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/backend/place.hpp>
#include <terse/cluster/concept.hpp>
#include <terse/cluster/damage.hpp>
#include <terse/loop/compose.hpp>
#include <terse/loop/conference.hpp>
#include <terse/loop/configuration.hpp>
#include <terse/loop/health.hpp>
#include <terse/loop/options.hpp>
#include <terse/loop/residuals.hpp>
#include <terse/loop/roll.hpp>
#include <terse/loop/server.hpp>
#include <terse/loop/worker.hpp>
#include <terse/work/concept.hpp>

namespace terse {

/// A run of a method whose workers share one iterate w; compressed updates travel every round. Made by train().
template <class Method, class Session, class B, class T>
class lockstep {
public:
    lockstep(Method method, Session session, view<B, T> w, train_options options)
        : method_(std::move(method)), session_(std::move(session)), options_(options), w_(w),
          workers_(session_.hosted()), figures_(session_.hosted()), gradients_(session_.in_flight()),
          threads_(session_.threads()), sent_(session_.workers()),
          messages_(adds_up ? session_.at_once() : session_.hosted()) {
        if constexpr (requires { session_.require_same(configuration(method_, w, workers(), options)); })
            session_.require_same(configuration(method_, w, workers(), options));
        for (unsigned i = 0; i < threads_.size(); ++i) threads_[i].temporary.helpers = team_of(session_, i);
        for (auto& k : workers_) k.reset(w.size());
        for (auto& g : gradients_) g.resize(w.size());
        server_.reset(method_, w.size());
        conference_.reset(method_, w.size(), workers_.size());
        if (confers && gradients_.size() != workers_.size())
            throw configuration_error("train: this compressor talks while it compresses, so that all gradients must be "
                                      "in flight at the same time");
    }

    /// One round with learning rate lr > 0. `gradient` is described at GradientOf. If it throws, or yields NaN or
    /// infinity, nothing has changed (but see simulated.gradients_in_flight).
    template <class G>
    void step(double lr, G&& gradient) {
        static_assert(GradientOf<G, B, T>,
                      "the gradient must be callable as gradient(worker_context, view<B, T const> x, view<B, T> g)");
        if (!(lr > 0 && std::isfinite(lr)))
            throw configuration_error("step: the learning rate must be positive and finite");
        if (broken_) throw error("step: an earlier step failed half-way; this run cannot go on");
        auto const now = scales(lr);
        if constexpr (requires { session_.begin_round(round_, lr); }) session_.begin_round(round_, lr);
        roll_.call(session_, options_.seed, round_);
        if (confers && !roll_.complete())
            throw configuration_error(
                "step: a compressor that talks while it compresses needs all workers, but in round " +
                std::to_string(round_) + " some do not count");
        average_residuals();
        if constexpr (adds_up) server_.begin_fold(w_.size());
        if constexpr (lockstep_worker<Method, B, T>::joins) server_.spread(method_, workers_.size());

        for (std::size_t first = 0; first < workers_.size(); first += gradients_.size()) {
            auto const n = std::min(gradients_.size(), workers_.size() - first);
            try {
                contribute(first, n, now, gradient); // g_k = gradient at w, or at w - lambda lr e_k; see can_offer
            } catch (non_finite_error const&) {
                if (broken_ || options_.on_non_finite != non_finite::skip_round) throw;
                ++round_;
                return;
            }
            if constexpr (confers) confer(now); // the compressor's own exchanges; u = what all workers agree on
            if (first == 0) begin_changes();
            send(first, n, now); // e_k += momentum.inject(g_k); what is sent leaves e_k
        }
        gather();                                // u = mean of the messages
        broadcast(now);                          // server momentum, compression of the downlink
        server_.apply(method_, now, round_, w_); // w <- w - lr u; momentum.absorb(u)
        last_lr_ = lr;
        ++round_;
        broken_ = false;
    }

    /// The iterate: the user's own memory.
    view<B, T const> w() const { return w_; }
    /// out = w - (mean residual + server residual), in steps of the model: where the run would be had nothing been held
    /// back. As health(), it is for all processes of a cluster to call.
    void corrected(std::type_identity_t<view<B, T>> out) const {
        if (out.size() != w_.size()) throw dimension_error("corrected: the output has another size than the model");
        double const unit = method_.feedback.residual_units() == units::model ? 1 : last_lr_;
        B::copy(w_, out);
        if constexpr (Method::keeps_residual)
            for_each_residual(session_, hosted(), [&](view<B, T const> e) {
                B::axpy(static_cast<T>(-unit / static_cast<double>(roll_.divisor(session_))), e, out);
            });
        if constexpr (Method::compresses_downlink) B::axpy(static_cast<T>(-unit), server_.residual(), out);
        share_from_server(session_, out);
    }
    template <class V>
        requires std::same_as<typename vector_traits<V>::backend, B>
    void corrected(V& out) const { corrected(vector_traits<V>::of(out)); }
    /// The residual of hosted worker k; valid until the next step. Not for two threads at the same time.
    view<B, T const> residual(std::size_t k) const requires Method::keeps_residual { return workers_.at(k).residual(); }
    /// The server's residual, where the server is.
    view<B, T const> server_residual() const requires Method::compresses_downlink { return server_.residual(); }

    /// Everything that decides the future of the run, for run/checkpoint.hpp: what is the same in all processes,
    template <class A>
    void state(A& archive) {
        archive("w", w_);
        archive("round", round_);
        archive("last learning rate", last_lr_);
        server_.state(archive);
        conference_.state(archive);
        if constexpr (A::reads) broken_ = broken_ && archive.dry();
    }
    /// and what hosted worker k has.
    template <class A>
    void worker_state(A& archive, std::size_t k) {
        workers_.at(k).state(archive);
    }
    /// A worker as at the start.
    lockstep_worker<Method, B, T> fresh_worker() const {
        lockstep_worker<Method, B, T> k;
        k.reset(w_.size());
        return k;
    }
    Session& session() { return session_; }
    std::uint64_t seed() const { return options_.seed; }
    std::uint32_t workers() const { return session_.workers(); }

    std::uint64_t round() const { return round_; } ///< rounds done
    Method const& method() const { return method_; }
    traffic_account const& traffic() const { return server_.traffic(); }
    /// Bytes of the message of each worker of the cluster in the last round, where the messages come together.
    std::span<std::uint64_t const> sent() const { return sent_; }
    /// What became of each worker in the last round; empty if everyone counts.
    std::span<attendance const> attendances() const { return roll_.all(); }

    /// From the next step on, health() is measured.
    void measure_health(bool on = true) { measures_ = on; }
    /// How the last step went; needs measure_health().
    terse::health health() const {
        terse::health h;
        session_.exchange(std::span(figures_), [&](std::span<worker_figures const> all) { h = terse::health(all); });
        if constexpr (Method::keeps_residual) {
            buffer<B, T> mean;
            mean_residual(session_, hosted(), w_.size(), mean, [](std::uint32_t) { return true; });
            for_each_residual(session_, hosted(),
                              [&](view<B, T const> e) { h.add_residual<B, T>(e, mean, session_.workers()); });
            h.finish(method_.feedback.residual_units() == units::model ? last_lr_ : 1);
        }
        if constexpr (one_server<Session>) session_.from_server(h, 1);
        return h;
    }

private:
    using message = typename lockstep_worker<Method, B, T>::message;
    // Dense messages are added up as they come, so that there need not be one for each worker at the same time.
    static constexpr bool adds_up = std::same_as<message, dense_message<B, T>>;
    static constexpr bool confers = Confers<decltype(Method::compressor)>;
    static constexpr bool offers = lockstep_worker<Method, B, T>::can_offer && !adds_up && !confers;
    static constexpr bool opens_early = confers && !lockstep_worker<Method, B, T>::has_momentum;

    round_scales scales(double lr) const {
        bool const in_model = method_.feedback.residual_units() == units::model;
        double const last = last_lr_ == 0 ? lr : last_lr_;
        return {lr, last, in_model ? 1 : lr, in_model ? 1 : last};
    }
    worker_context at(std::uint32_t who) const { return {options_.seed, round_, who, session_.workers()}; }
    context<B> context_of(std::uint32_t who, unsigned thread, bool checks = false) {
        return {at(who), 0, &threads_[thread].temporary, checks};
    }
    std::uint32_t number(std::size_t k) const { return session_.first() + static_cast<std::uint32_t>(k); }

    std::span<lockstep_worker<Method, B, T> const> hosted() const { return workers_; }
    worker_figures* figures_of(std::size_t k) { return measures_ ? &figures_[k] : nullptr; }

    // The mean waits in residual_mean_ until all gradients are known to be good.
    void average_residuals() {
        averages_ = Method::keeps_residual && method_.feedback.averages_residuals(round_);
        if (averages_)
            averaging_ = mean_residual(session_, hosted(), w_.size(), residual_mean_,
                                       [&](std::uint32_t k) { return roll_.of(k).computes(); });
    }
    void begin_changes() {
        broken_ = true; // until the round is complete
        auto const n = session_.workers();
        server_.traffic().begin_round(w_.size(), n);
        for (std::size_t k = 0; k < workers_.size(); ++k)
            if (roll_.of(number(k)).part == part::crashed) workers_[k].reset(w_.size());
        if (!averages_) return;
        if constexpr (!offers && !confers) // otherwise the new residuals were made from the mean
            for (std::size_t k = 0; k < workers_.size(); ++k)
                if (roll_.of(number(k)).computes()) B::copy(residual_mean_, view<B, T>(workers_[k].residual()));
        server_.traffic().add_averaging(w_.size(), sizeof(T), averaging_);
    }

    template <class G>
    void contribute(std::size_t first, std::size_t n, round_scales now, G& gradient) {
        bool const check = options_.on_non_finite != non_finite::propagate;
        bool const early =
            check && (!(offers || opens_early) || method_.clip.is_on()); // otherwise it is found for nothing
        if constexpr (confers) conference_.begin(method_, context_of(shared_by_all, 0));
        in_this_place<B>(session_).agree(n, [&](std::size_t i, unsigned thread) {
            auto const k = first + i;
            auto const here = roll_.of(number(k));
            if (!here.computes()) return;
            auto const e = averages_ ? view<B, T const>(residual_mean_) : workers_[k].stored_residual();
            view<B, T> const g = gradients_[i];
            workers_[k].contribute(method_, server_.shared(), gradient, at(number(k)), now, w_, e, g, early,
                                   threads_[thread]);
            if (measures_) figures_[k].gradient_squared = B::sum_of_squares(view<B, T const>(g));
            if constexpr (offers)
                workers_[k].offer(method_, server_.shared(), context_of(number(k), thread, check), now, e, g,
                                  here.keeps(), check, messages_[k], figures_of(k));
            if constexpr (opens_early) open(k, thread, now, check);
        });
    }
    // A worker's vector is made in the memory of its gradient, and what it says first.
    void open(std::size_t k, unsigned thread, round_scales now, bool check) {
        auto const e = averages_ ? view<B, T const>(residual_mean_) : workers_[k].stored_residual();
        auto const at = context_of(number(k), thread, check);
        workers_[k].open(method_, server_.shared(), at, now, e, gradients_[k], check, figures_of(k),
                         [&](T a, view<B, T const> x, auto const& rest, T b, view<B, T> y) {
                             return conference_.open(method_, a, x, rest, b, y, k, at);
                         });
    }
    // Nothing has changed when this fails, but for momentum of the workers' own.
    void confer(round_scales now) {
        bool const check = options_.on_non_finite != non_finite::propagate;
        if constexpr (!opens_early) {
            broken_ = true;
            in_this_place<B>(session_).for_each(workers_.size(),
                                                [&](std::size_t k, unsigned thread) { open(k, thread, now, check); });
        }
        said_ = {};
        collectives<Session, B, T> cluster(session_, gradients_, threads_, at(shared_by_all), now, check, said_);
        conference_.confer(method_, cluster, server_.mean());
        if constexpr (one_server<Session>) session_.from_server(said_, 1);
    }

    void send(std::size_t first, std::size_t n, round_scales now) {
        if constexpr (offers) {
            for (std::size_t i = 0; i < n; ++i)
                if (roll_.of(number(first + i)).computes()) workers_[first + i].accept(gradients_[i]);
        } else if constexpr (confers) {
            in_this_place<B>(session_).for_each(n, [&](std::size_t k, unsigned) {
                workers_[k].close(method_, server_.mean(), gradients_[k], conference_.rest(k), figures_of(k));
            });
        } else {
            auto const wave = adds_up ? messages_.size() : n;
            for (std::size_t begin = 0; begin < n; begin += wave)
                send_wave(first + begin, begin, std::min(wave, n - begin), now);
        }
    }
    void send_wave(std::size_t first, std::size_t begin, std::size_t n, round_scales now) {
        in_this_place<B>(session_).for_each(n, [&](std::size_t i, unsigned thread) {
            auto const k = first + i;
            auto const here = roll_.of(number(k));
            if (!here.computes()) return;
            workers_[k].send(method_, server_.shared(), context_of(number(k), thread), now, gradients_[begin + i],
                             here.keeps(), messages_[adds_up ? i : k], figures_of(k));
        });
        if constexpr (adds_up)
            exchange(std::span(messages_).first(n), [&](std::span<message const> all, std::uint32_t senders) {
                receive(all, first, senders);
                server_.add_to_fold(counted_.size(), [&](std::size_t k) -> message const& { return all[counted_[k]]; });
            });
    }
    // Takes note of the messages of workers `first`, .. and of which count.
    void receive(std::span<message const> all, std::size_t first, std::uint32_t senders) {
        counted_.clear();
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const who = static_cast<std::uint32_t>(first + i);
            auto const here = roll_.of(who);
            std::uint64_t bytes = 0;
            if (here.computes()) {
                std::uint32_t const copies = here.duplicated ? 2 : 1;
                bytes = copies * server_.account_for(all[i], copies * senders);
            }
            if constexpr (TakesAttendance<Session>)
                if (here.corrupted) damage<T>(all[i], at(who)); // the decoder sees to it that it does not count
            if (here.counts()) counted_.push_back(i);
            std::fill_n(sent_.begin() + who, senders, bytes);
        }
    }

    // use(every worker's message, 1), or, of a session that adds them up, use(their sum, the number of senders).
    template <class F>
    void exchange(std::span<message> hosted, F use) {
        if constexpr (requires { session_.sum(hosted); })
            if (session_.adds_up()) {
                session_.sum(hosted);
                return use(std::span<message const>(hosted.first(1)), session_.workers());
            }
        session_.exchange(hosted, [&](std::span<message const> all) { use(all, 1); });
    }

    void gather() {
        if constexpr (confers) {
            conference_.accept();
            server_.traffic().add(said_);
            std::ranges::fill(sent_, said_.total.up / session_.workers());
        } else if constexpr (adds_up) {
            server_.finish_fold(roll_.divisor(session_));
        } else {
            exchange(std::span(messages_), [&](std::span<message const> all, std::uint32_t senders) {
                receive(all, 0, senders);
                server_.fold(
                    counted_.size(), [&](std::size_t k) -> message const& { return all[counted_[k]]; },
                    roll_.divisor(session_), w_.size());
            });
        }
    }

    void broadcast(round_scales now) {
        auto const at = context_of(shared_by_all, 0);
        if constexpr (confers) {
            server_.serve(method_, now, round_);
            return;
        } else if constexpr (one_server<Session>) {
            session_.serve([&] { server_.broadcast(method_, at, now); });
            if (!session_.serves()) server_.expect(method_, at, messages_.front());
            session_.from_server(server_.traffic(), 1);
            session_.from_server(server_.sent(), w_.size());
        } else {
            server_.broadcast(method_, at, now);
        }
        server_.receive();
    }

    Method method_;
    mutable Session session_; // to talk changes nothing
    train_options options_;
    view<B, T> w_;
    std::vector<lockstep_worker<Method, B, T>> workers_;
    std::vector<worker_figures> figures_;
    std::vector<buffer<B, T>> gradients_;
    std::vector<thread_memory<B, T>> threads_;
    std::vector<std::uint64_t> sent_;
    std::vector<std::size_t> counted_; ///< the messages that are in the mean
    std::vector<message> messages_;
    lockstep_server<Method, B, T> server_;
    std::conditional_t<confers, conference<Method, B, T>, no_conference> conference_;
    traffic_account said_; ///< in the conference of this round
    buffer<B, T> residual_mean_;
    roll<Session> roll_;
    std::uint32_t averaging_ = 0; ///< how many residuals residual_mean_ is the mean of
    double last_lr_ = 0;          ///< of the last round that changed something; 0 before the first
    std::uint64_t round_ = 0;
    bool averages_ = false;
    bool measures_ = false;
    bool broken_ = false;
};

} // namespace terse
