// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/cluster/concept.hpp>
#include <terse/loop/compose.hpp>
#include <terse/loop/configuration.hpp>
#include <terse/loop/health.hpp>
#include <terse/loop/server.hpp>
#include <terse/loop/worker.hpp>
#include <terse/work/concept.hpp>

namespace terse {

/// What to do about a NaN or an infinity in a gradient.
enum class non_finite {
    error,      ///< throw non_finite_error; nothing has changed
    skip_round, ///< the round counts, but nothing else changes
    propagate   ///< do not look
};

struct train_options {
    std::uint64_t seed = 0;
    non_finite on_non_finite = non_finite::error;
};

/// A run of a method whose workers share one iterate w; compressed updates travel every round. Made by train().
template <class Method, class Session, class B, class T>
class lockstep {
public:
    lockstep(Method method, Session session, view<B, T> w, train_options options)
        : method_(std::move(method)), session_(std::move(session)), options_(options), w_(w),
          workers_(session_.hosted()), figures_(session_.hosted()), gradients_(session_.in_flight()),
          threads_(session_.threads()), messages_(adds_up ? session_.at_once() : session_.hosted()) {
        if constexpr (requires { session_.require_same(configuration(method_, w, workers(), options)); })
            session_.require_same(configuration(method_, w, workers(), options));
        for (auto& k : workers_) k.reset(w.size());
        for (auto& g : gradients_) g.resize(w.size());
        server_.reset(method_, w.size());
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
        average_residuals();
        if constexpr (adds_up) server_.begin_fold(w_.size());

        for (std::size_t first = 0; first < workers_.size(); first += gradients_.size()) {
            auto const n = std::min(gradients_.size(), workers_.size() - first);
            try {
                contribute(first, n, now, gradient); // g_k = gradient at w, or at w - lambda lr e_k; see can_offer
            } catch (non_finite_error const&) {
                if (broken_ || options_.on_non_finite != non_finite::skip_round) throw;
                ++round_;
                return;
            }
            if (first == 0) begin_changes();
            send(first, n, now); // e_k += momentum.inject(g_k); what is sent leaves e_k
        }
        gather();                        // u = mean of the messages
        broadcast(now);                  // server momentum, compression of the downlink
        server_.apply(method_, now, w_); // w <- w - lr u; momentum.absorb(u)
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
            for_each_residual([&](view<B, T const> e) {
                B::axpy(static_cast<T>(-unit / static_cast<double>(session_.workers())), e, out);
            });
        if constexpr (Method::compresses_downlink) B::axpy(static_cast<T>(-unit), server_.residual(), out);
        if constexpr (one_server) {
            dense_message<B, T> there;
            there.values.assign(out.size(), T(0));
            B::copy(view<B, T const>(out), view<B, T>(there.values));
            session_.from_server(there, out.size());
            B::copy(view<B, T const>(there.values), out);
        }
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

    /// From the next step on, health() is measured.
    void measure_health(bool on = true) { measures_ = on; }
    /// How the last step went; needs measure_health().
    terse::health health() const {
        terse::health h;
        session_.exchange(std::span(figures_), [&](std::span<worker_figures const> all) { h = terse::health(all); });
        if constexpr (Method::keeps_residual) {
            buffer<B, T> mean;
            average(mean);
            for_each_residual([&](view<B, T const> e) { h.add_residual<B, T>(e, mean, session_.workers()); });
            h.finish(method_.feedback.residual_units() == units::model ? last_lr_ : 1);
        }
        if constexpr (one_server) session_.from_server(h, 1);
        return h;
    }

private:
    using message = typename lockstep_worker<Method, B, T>::message;
    // Dense messages are added up as they come, so that there need not be one for each worker at the same time.
    static constexpr bool adds_up = std::same_as<message, dense_message<B, T>>;
    static constexpr bool offers = lockstep_worker<Method, B, T>::can_offer && !adds_up;

    // The server of a session may be in one process; then what it makes of the messages travels to the others.
    static constexpr bool one_server = requires(Session & s) { s.serves(); };
    bool serves() const {
        if constexpr (one_server) return session_.serves();
        return true;
    }

    round_scales scales(double lr) const {
        bool const in_model = method_.feedback.residual_units() == units::model;
        double const last = last_lr_ == 0 ? lr : last_lr_;
        return {lr, last, in_model ? 1 : lr, in_model ? 1 : last};
    }
    worker_context at(std::uint32_t who) const { return {options_.seed, round_, who, session_.workers()}; }
    context<B> context_of(std::uint32_t who, unsigned thread) { return {at(who), 0, &threads_[thread].temporary}; }
    std::uint32_t number(std::size_t k) const { return session_.first() + static_cast<std::uint32_t>(k); }

    worker_figures* figures_of(std::size_t k) { return measures_ ? &figures_[k] : nullptr; }

    bool one_process() const { return session_.hosted() == session_.workers(); }

    // f(e_k) for all workers of the cluster, in their order, where the server is.
    template <class F>
    void for_each_residual(F f) const {
        if (one_process()) {
            for (auto const& k : workers_) f(k.residual());
        } else {
            std::vector<dense_message<B, T>> hosted;
            for (auto const& k : workers_) hosted.push_back({k.residual()});
            session_.exchange(std::span(hosted), [&](std::span<dense_message<B, T> const> all) {
                for (auto const& m : all) f(m.values);
            });
        }
    }
    void average(buffer<B, T>& mean) const {
        mean.assign(w_.size(), T(0));
        for_each_residual([&](view<B, T const> e) { B::axpy(T(1), e, view<B, T>(mean)); });
        B::scale(T(1) / static_cast<T>(session_.workers()), view<B, T>(mean));
        if constexpr (one_server) {
            dense_message<B, T> there{std::move(mean)};
            session_.from_server(there, w_.size());
            mean = std::move(there.values);
        }
    }
    // The mean waits in residual_mean_ until all gradients are known to be good.
    void average_residuals() {
        averages_ = Method::keeps_residual && method_.feedback.averages_residuals(round_);
        if (averages_) average(residual_mean_);
    }
    void begin_changes() {
        broken_ = true; // until the round is complete
        auto const n = session_.workers();
        server_.traffic().begin_round(w_.size(), n);
        if (!averages_) return;
        if constexpr (!offers) // otherwise the new residuals were made from the mean
            for (auto& k : workers_) B::copy(residual_mean_, view<B, T>(k.residual()));
        server_.traffic().add_averaging(w_.size(), sizeof(T), n);
    }

    template <class G>
    void contribute(std::size_t first, std::size_t n, round_scales now, G& gradient) {
        bool const check = options_.on_non_finite != non_finite::propagate;
        bool const early = check && (!offers || method_.clip.is_on()); // otherwise offer() finds it for nothing
        session_.agree(n, [&](std::size_t i, unsigned thread) {
            auto const k = first + i;
            auto const e = averages_ ? view<B, T const>(residual_mean_) : workers_[k].stored_residual();
            view<B, T> const g = gradients_[i];
            workers_[k].contribute(method_, gradient, at(number(k)), now, w_, e, g, early, threads_[thread]);
            if (measures_) figures_[k].gradient_squared = B::sum_of_squares(view<B, T const>(g));
            if constexpr (offers)
                workers_[k].offer(method_, server_.shared(), context_of(number(k), thread), now, e, g, check,
                                  messages_[k], figures_of(k));
        });
    }

    void send(std::size_t first, std::size_t n, round_scales now) {
        if constexpr (offers) {
            for (std::size_t i = 0; i < n; ++i) workers_[first + i].accept(gradients_[i]);
        } else {
            auto const wave = adds_up ? messages_.size() : n;
            for (std::size_t begin = 0; begin < n; begin += wave)
                send_wave(first + begin, begin, std::min(wave, n - begin), now);
        }
    }
    void send_wave(std::size_t first, std::size_t begin, std::size_t n, round_scales now) {
        session_.for_each(n, [&](std::size_t i, unsigned thread) {
            auto const k = first + i;
            workers_[k].send(method_, server_.shared(), context_of(number(k), thread), now, gradients_[begin + i],
                             messages_[adds_up ? i : k], figures_of(k));
        });
        if constexpr (adds_up)
            exchange(std::span(messages_).first(n), [&](std::span<message const> all, std::uint32_t senders) {
                server_.account_for(all, senders);
                server_.add_to_fold(all.size(), [&](std::size_t k) -> message const& { return all[k]; });
            });
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
        if constexpr (adds_up)
            server_.finish_fold(session_.workers());
        else
            exchange(std::span(messages_), [&](std::span<message const> all, std::uint32_t senders) {
                server_.account_for(all, senders);
                server_.fold(
                    all.size(), [&](std::size_t k) -> message const& { return all[k]; }, session_.workers());
            });
    }

    void broadcast(round_scales now) {
        auto const at = context_of(shared_by_all, 0);
        if constexpr (one_server) {
            session_.serve([&] { server_.broadcast(method_, at, now); });
            if (!serves()) server_.expect(method_, at, messages_.front());
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
    std::vector<message> messages_;
    lockstep_server<Method, B, T> server_;
    buffer<B, T> residual_mean_;
    double last_lr_ = 0; ///< of the last round that changed something; 0 before the first
    std::uint64_t round_ = 0;
    bool averages_ = false;
    bool measures_ = false;
    bool broken_ = false;
};

} // namespace terse
