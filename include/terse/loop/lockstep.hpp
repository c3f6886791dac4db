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
#include <utility>
#include <vector>

#include <terse/cluster/concept.hpp>
#include <terse/cluster/damage.hpp>
#include <terse/loop/compose.hpp>
#include <terse/loop/configuration.hpp>
#include <terse/loop/health.hpp>
#include <terse/loop/lockstep_workers.hpp>
#include <terse/loop/options.hpp>
#include <terse/loop/residuals.hpp>
#include <terse/loop/server.hpp>
#include <terse/work/concept.hpp>

namespace terse {

/// A run of a method whose workers share one iterate w; compressed updates travel every round. Made by train().
template <class Method, class Session, class B, class T>
class lockstep {
public:
    lockstep(Method method, Session session, view<B, T> w, train_options options)
        : method_(std::move(method)), options_(options), w_(w), workers_(std::move(session)), sent_(workers()) {
        if constexpr (requires { this->session().require_same(configuration(method_, w, workers(), options)); })
            this->session().require_same(configuration(method_, w, workers(), options));
        workers_.reset(method_, w.size());
        server_.reset(method_, w.size());
        if (confers && workers_.in_flight() != workers_.hosted())
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
        this_round const now{method_, server_.shared(), w_, scales(lr), at(shared_by_all), checks(), measures_};
        if constexpr (requires { session().begin_round(round_, lr); }) session().begin_round(round_, lr);
        workers_.call_roll(now);
        if (confers && !roll().complete())
            throw configuration_error(
                "step: a compressor that talks while it compresses needs all workers, but in round " +
                std::to_string(round_) + " some do not count");
        workers_.average_residuals(now);
        if constexpr (adds_up) server_.begin_fold(w_.size());
        if constexpr (hosted_workers::worker::joins) server_.spread(method_, workers_.hosted());

        for (std::size_t first = 0; first < workers_.hosted(); first += workers_.in_flight()) {
            auto const n = std::min(workers_.in_flight(), workers_.hosted() - first);
            try {
                workers_.contribute(now, first, n, gradient); // g_k = gradient at w, or at w - lambda lr e_k
            } catch (non_finite_error const&) {
                if (broken_ || options_.on_non_finite != non_finite::skip_round) throw;
                ++round_;
                return;
            }
            if constexpr (confers) // the compressor's own exchanges; u = what all workers agree on
                workers_.confer(now, server_.mean(), said_, [&] { broken_ = true; });
            if (first == 0) begin_changes(now);
            // e_k += momentum.inject(g_k); what is sent leaves e_k
            workers_.send(now, server_.mean(), first, n, [&](std::size_t who, std::size_t many) { add(who, many); });
        }
        gather();                                       // u = mean of the messages
        broadcast(now);                                 // server momentum, compression of the downlink
        server_.apply(method_, now.scales, round_, w_); // w <- w - lr u; momentum.absorb(u)
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
            for_each_residual(session(), workers_.all(), [&](view<B, T const> e) {
                B::axpy(static_cast<T>(-unit / static_cast<double>(roll().divisor(session()))), e, out);
            });
        if constexpr (Method::compresses_downlink) B::axpy(static_cast<T>(-unit), server_.residual(), out);
        share_from_server(session(), out);
    }
    template <class V>
        requires std::same_as<typename vector_traits<V>::backend, B>
    void corrected(V& out) const { corrected(vector_traits<V>::of(out)); }
    /// The residual of hosted worker k; valid until the next step. Not for two threads at the same time.
    view<B, T const> residual(std::size_t k) const requires Method::keeps_residual { return workers_[k].residual(); }
    /// The server's residual, where the server is.
    view<B, T const> server_residual() const requires Method::compresses_downlink { return server_.residual(); }

    /// Everything that decides the future of the run, for run/checkpoint.hpp: what is the same in all processes,
    template <class A>
    void state(A& archive) {
        archive("w", w_);
        archive("round", round_);
        archive("last learning rate", last_lr_);
        server_.state(archive);
        workers_.conference().state(archive);
        if constexpr (A::reads) broken_ = broken_ && archive.dry();
    }
    /// and what hosted worker k has.
    template <class A>
    void worker_state(A& archive, std::size_t k) {
        workers_[k].state(archive);
    }
    /// A worker as at the start.
    lockstep_worker<Method, B, T> fresh_worker() const {
        lockstep_worker<Method, B, T> k;
        k.reset(w_.size());
        return k;
    }
    Session& session() const { return workers_.session(); } ///< to talk changes nothing
    std::uint64_t seed() const { return options_.seed; }
    std::uint32_t workers() const { return session().workers(); }

    std::uint64_t round() const { return round_; } ///< rounds done
    Method const& method() const { return method_; }
    traffic_account const& traffic() const { return server_.traffic(); }
    /// Bytes of the message of each worker of the cluster in the last round, where the messages come together.
    std::span<std::uint64_t const> sent() const { return sent_; }
    /// What became of each worker in the last round; empty if everyone counts.
    std::span<attendance const> attendances() const { return roll().all(); }

    /// From the next step on, health() is measured.
    void measure_health(bool on = true) { measures_ = on; }
    /// How the last step went; needs measure_health().
    terse::health health() const {
        terse::health h;
        session().exchange(workers_.figures(), [&](std::span<worker_figures const> all) { h = terse::health(all); });
        if constexpr (Method::keeps_residual) {
            buffer<B, T> mean;
            mean_residual(session(), workers_.all(), w_.size(), mean, [](std::uint32_t) { return true; });
            for_each_residual(session(), workers_.all(),
                              [&](view<B, T const> e) { h.add_residual<B, T>(e, mean, workers()); });
            h.finish(method_.feedback.residual_units() == units::model ? last_lr_ : 1);
        }
        if constexpr (one_server<Session>) session().from_server(h, 1);
        return h;
    }

private:
    using hosted_workers = lockstep_workers<Method, Session, B, T>;
    using message = typename hosted_workers::message;
    using this_round = typename hosted_workers::round;
    static constexpr bool adds_up = hosted_workers::adds_up;
    static constexpr bool confers = hosted_workers::confers;

    auto const& roll() const { return workers_.roll(); }
    worker_context at(std::uint32_t who) const { return {options_.seed, round_, who, workers()}; }
    bool checks() const { return options_.on_non_finite != non_finite::propagate; }

    round_scales scales(double lr) const {
        bool const in_model = method_.feedback.residual_units() == units::model;
        double const last = last_lr_ == 0 ? lr : last_lr_;
        return {lr, last, in_model ? 1 : lr, in_model ? 1 : last};
    }

    void begin_changes(this_round const& now) {
        broken_ = true; // until the round is complete
        server_.traffic().begin_round(w_.size(), workers());
        workers_.begin_changes(now, server_.traffic());
    }

    // The messages of so many hosted workers from `first` on, which are added up as they come.
    void add(std::size_t first, std::size_t n) {
        if constexpr (adds_up)
            exchange(workers_.messages().first(n), [&](std::span<message const> all, std::uint32_t senders) {
                receive(all, first, senders);
                server_.add_to_fold(counted_.size(), [&](std::size_t k) -> message const& { return all[counted_[k]]; });
            });
    }
    // Takes note of the messages of workers `first`, .. and of which count.
    void receive(std::span<message const> all, std::size_t first, std::uint32_t senders) {
        counted_.clear();
        // bytes(), of all at once where that saves a wait for each
        constexpr bool at_once = requires(scratch<B> & temporary) { message::bytes_of_each(all, temporary); };
        std::vector<std::uint64_t> each;
        if constexpr (at_once) each = message::bytes_of_each(all, workers_.temporary());
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const who = static_cast<std::uint32_t>(first + i);
            auto const here = roll().of(who);
            std::uint64_t bytes = 0;
            if (here.computes()) {
                std::uint32_t const copies = here.duplicated ? 2 : 1;
                auto const once = at_once ? each[i] : all[i].bytes();
                server_.account_for(all[i], once, copies * senders);
                bytes = copies * once;
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
        if constexpr (requires { session().sum(hosted); })
            if (session().adds_up()) {
                session().sum(hosted);
                return use(std::span<message const>(hosted.first(1)), workers());
            }
        session().exchange(hosted, [&](std::span<message const> all) { use(all, 1); });
    }

    void gather() {
        if constexpr (confers) {
            workers_.conference().accept();
            server_.traffic().add(said_);
            std::ranges::fill(sent_, said_.total.up / workers());
        } else if constexpr (adds_up) {
            server_.finish_fold(roll().divisor(session()));
        } else {
            exchange(workers_.messages(), [&](std::span<message const> all, std::uint32_t senders) {
                receive(all, 0, senders);
                server_.fold(
                    counted_.size(), [&](std::size_t k) -> message const& { return all[counted_[k]]; },
                    roll().divisor(session()), w_.size());
            });
        }
    }

    void broadcast(this_round const& now) {
        auto const at = workers_.context_of(now, shared_by_all, 0);
        if constexpr (confers) {
            server_.serve(method_, now.scales, round_);
            return;
        } else if constexpr (one_server<Session>) {
            session().serve([&] { server_.broadcast(method_, at, now.scales); });
            if (!session().serves()) server_.expect(method_, at, workers_.messages().front());
            session().from_server(server_.traffic(), 1);
            session().from_server(server_.sent(), w_.size());
        } else {
            server_.broadcast(method_, at, now.scales);
        }
        server_.receive();
    }

    Method method_;
    train_options options_;
    view<B, T> w_;
    hosted_workers workers_;
    std::vector<std::uint64_t> sent_;
    std::vector<std::size_t> counted_; ///< the messages that are in the mean
    lockstep_server<Method, B, T> server_;
    traffic_account said_; ///< in the conference of this round
    double last_lr_ = 0;   ///< of the last round that changed something; 0 before the first
    std::uint64_t round_ = 0;
    bool measures_ = false;
    bool broken_ = false;
};

} // namespace terse
