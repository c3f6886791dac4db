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

#include <terse/backend/place.hpp>
#include <terse/loop/configuration.hpp>
#include <terse/loop/drift_workers.hpp>
#include <terse/loop/drifting.hpp>
#include <terse/loop/health.hpp>
#include <terse/loop/options.hpp>
#include <terse/mixing/concept.hpp>
#include <terse/run/worker_change.hpp>
#include <terse/work/concept.hpp>

namespace terse {

/// A run of a method whose workers have a model x_k each; a round is one local step of every worker, and the models are
/// mixed now and then. Made by train(). In memory are for each hosted worker a model, a momentum if the step has one,
/// and what the mixing keeps (a residual, messages), the gradients in flight, and for the process one vector, what the
/// outer rule keeps, and means of messages; w is the user's.
template <class Method, class Session, class B, class T>
class drift {
    using step_type = decltype(Method::step);
    using mixing_type = decltype(Method::mixing);
    using own_state = typename mixing_type::template worker_state<B, T>;

public:
    drift(Method method, Session session, view<B, T> w, train_options options)
        : method_(std::move(method)), options_(options), all_(std::move(session), w, options.seed),
          figures_(all_.hosted()) {
        if constexpr (requires { this->session().require_same(configuration(method_, w, workers(), options)); })
            this->session().require_same(configuration(method_, w, workers(), options));
        if constexpr (requires { method_.mixing.require_workers(workers()); })
            method_.mixing.require_workers(workers());
        shared_.reset(w.size());
        if constexpr (requires { shared_.host(all_.hosted()); }) shared_.host(all_.hosted());
        outer_.reset(w.size());
    }

    /// One local step of every worker with learning rate lr > 0, and what follows it. `gradient` is described at
    /// GradientOf; x is worker k's own model. If it throws, or yields NaN or infinity, nothing has changed (but see
    /// simulated.gradients_in_flight): models move in place, but not before all gradients are known to be good.
    template <class G>
    void step(double lr, G&& gradient) {
        static_assert(GradientOf<G, B, T>,
                      "the gradient must be callable as gradient(worker_context, view<B, T const> x, view<B, T> g)");
        if (!(lr > 0 && std::isfinite(lr)))
            throw configuration_error("step: the learning rate must be positive and finite");
        if (broken_) throw error("step: an earlier step failed half-way; this run cannot go on");
        all_.begin_round(round_, lr);

        for (std::size_t first = 0; first < all_.hosted(); first += all_.in_flight()) {
            auto const n = std::min(all_.in_flight(), all_.hosted() - first);
            try {
                contribute(first, n, gradient); // g_k = gradient at x_k
            } catch (non_finite_error const&) {
                if (broken_ || options_.on_non_finite != non_finite::skip_round) throw;
                ++round_;
                return;
            }
            if (first == 0) begin_changes();
            move(first, n); // x_k <- x_k - lr v_k
        }
        method_.mixing.mix(all_, shared_, method_.outer, outer_);
        ++round_;
        broken_ = false;
    }

    /// The user's own memory: the common model of the last time that all models came together (the start before that),
    /// and what every worker has in common meanwhile. It is x_{t,0} of SlowMo and of local SGD, the anchor of
    /// Overlap-Local-SGD and of QSparse-local-SGD, x_k - e_k of CSER; where only neighbours talk, the start.
    view<B, T const> w() const { return all_.w(); }
    /// The model of hosted worker k; valid until the next step.
    view<B, T const> model(std::size_t k) const { return std::as_const(all_).model(k); }
    /// out = mean x_k over all workers, in worker order. As health(), it is for all processes of a cluster to call.
    void mean(std::type_identity_t<view<B, T>> out) const {
        if (out.size() != w().size()) throw dimension_error("mean: the output has another size than the model");
        B::copy(all_.average(all_.models()), out);
    }
    template <class V>
        requires std::same_as<typename vector_traits<V>::backend, B>
    void mean(V& out) const { mean(vector_traits<V>::of(out)); }
    /// The momentum of hosted worker k; valid until the next step.
    view<B, T const> momentum(std::size_t k) const requires(step_type::keeps_momentum) {
        return all_.momenta().at(k).values;
    }

    /// Everything that decides the future of the run, for run/checkpoint.hpp: what is the same in all processes,
    template <class A>
    void state(A& archive) {
        auto w = all_.w();
        archive("w", w);
        archive("round", round_);
        shared_.state(archive);
        outer_.state(archive);
        all_.traffic().state(archive);
        if constexpr (A::reads) broken_ = broken_ && archive.dry();
    }
    /// and what hosted worker k has.
    template <class A>
    void worker_state(A& archive, std::size_t k) {
        all_.worker_state(archive, k);
    }
    /// A worker as at the start.
    drift_worker<own_state, B, T> fresh_worker() const { return all_.fresh_worker(); }
    /// Models can be averaged, but neither added up nor forgotten.
    static constexpr bool allows(worker_change change) {
        return change == worker_change::refuse || change == worker_change::average;
    }
    Session& session() { return all_.session(); }
    std::uint64_t seed() const { return options_.seed; }
    std::uint32_t workers() const { return all_.workers(); }

    std::uint64_t round() const { return round_; } ///< rounds done
    Method const& method() const { return method_; }
    traffic_account const& traffic() const { return std::as_const(all_).traffic(); }

    /// From the next step on, health() is measured.
    void measure_health(bool on = true) { measures_ = on; }
    /// How the last step went (the norm of the gradients, which needs measure_health()), and how far the models are
    /// from each other now.
    terse::health health() const {
        terse::health h;
        auto& session = all_.session();
        session.exchange(std::span(figures_), [&](std::span<worker_figures const> all) { h = terse::health(all); });
        buffer<B, T> difference(w().size());
        auto const centre = all_.average(all_.models());
        session.exchange(std::span(all_.models()), [&](std::span<dense_message<B, T> const> all) {
            double sum = 0;
            for (auto const& x : all) {
                B::combine(x.values, T(-1), centre, view<B, T>(difference));
                sum += B::sum_of_squares(view<B, T const>(difference));
            }
            h.model_distance = std::sqrt(sum / static_cast<double>(all.size()));
        });
        if constexpr (requires { session.from_server(h, 1); }) session.from_server(h, 1);
        return h;
    }

private:
    void begin_changes() {
        broken_ = true; // until the round is complete
        all_.traffic().begin_round(w().size(), workers());
    }

    template <class G>
    void contribute(std::size_t first, std::size_t n, G& gradient) {
        in_this_place<B>(all_.session()).agree(n, [&](std::size_t j, unsigned) {
            auto const at = all_.at(first + j);
            auto const x = std::as_const(all_).model(first + j);
            auto const g = all_.gradient(j);
            gradient(at, x, g);
            if (options_.on_non_finite != non_finite::propagate)
                if (auto const i = B::first_non_finite(view<B, T const>(g)); i < g.size())
                    throw non_finite_error(at.worker, at.round, i);
            method_.clip.apply(g, at.workers);
            method_.decay.couple(x, g);
            if (measures_) figures_[first + j].gradient_squared = B::sum_of_squares(view<B, T const>(g));
        });
    }

    void move(std::size_t first, std::size_t n) {
        all_.for_each(first, n, [&](std::size_t i, context<B> at) {
            auto const g = all_.gradient(i - first);
            view<B, T const> const v = method_.step.direction(all_.momentum(i), g, round_);
            if constexpr (requires { method_.mixing.step(all_, shared_, i, v, g, at); })
                method_.mixing.step(all_, shared_, i, v, g, at);
            else
                B::axpy(static_cast<T>(-all_.lr()), v, all_.model(i));
        });
    }

    Method method_;
    train_options options_;
    mutable drift_workers<step_type, own_state, Session, B, T> all_; // to talk changes nothing
    typename mixing_type::template shared_state<B, T> shared_;
    outer_state<decltype(Method::outer), B, T> outer_;
    std::vector<worker_figures> figures_;
    std::uint64_t round_ = 0;
    bool measures_ = false;
    bool broken_ = false;
};

} // namespace terse
