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

#include <terse/backend/buffer.hpp>
#include <terse/cluster/concept.hpp>
#include <terse/cluster/traffic.hpp>
#include <terse/compressor/take.hpp>
#include <terse/feedback/concept.hpp>
#include <terse/loop/compose.hpp>
#include <terse/loop/health.hpp>
#include <terse/momentum/concept.hpp>
#include <terse/wire/fold.hpp>

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
          workers_(session_.hosted()), gradients_(session_.in_flight()), threads_(session_.threads()),
          messages_(streams ? std::min<std::size_t>(session_.threads(), session_.hosted()) : session_.hosted()) {
        auto const d = w.size();
        shared_.reset(d);
        for (auto& k : workers_) {
            k.momentum.reset(d);
            if constexpr (keeps_residual) k.residual.assign(d, T(0));
        }
        for (auto& g : gradients_) g.resize(d);
        if constexpr (moves_point)
            for (auto& t : threads_) t.point.resize(d);
        if constexpr (compresses_downlink) server_residual_.assign(d, T(0));
    }

    /// One round with learning rate lr > 0: w <- w - (what the workers' gradients came to). `gradient` is described at
    /// GradientOf. If it throws, or yields NaN or infinity, nothing has changed (but see
    /// simulated.gradients_in_flight).
    template <class G>
    void step(double lr, G&& gradient) {
        static_assert(GradientOf<G, B, T>,
                      "the gradient must be callable as gradient(worker_context, view<B, T const> x, view<B, T> g)");
        if (!(lr > 0 && std::isfinite(lr)))
            throw configuration_error("step: the learning rate must be positive and finite");
        if (broken_) throw error("step: an earlier step failed half-way; this run cannot go on");
        auto const now = scales(lr);
        bool const averages = average_residuals();
        try {
            run_workers(now, gradient, averages);
        } catch (non_finite_error const&) {
            if (broken_ || options_.on_non_finite != non_finite::skip_round) throw;
            ++round_;
            return;
        }
        broken_ = true; // until the round is complete
        account_for_averaging(averages);
        gather();
        momentum().serve(shared_, update_, now, round_);
        broadcast(now);
        method_.decay.apply_outside(lr, decay_momentum_, decay_change_, w_);
        update_.add_to(static_cast<T>(-now.scale), w_); // w <- w - lr u
        momentum().absorb(shared_, update_);
        last_lr_ = lr;
        ++round_;
        broken_ = false;
    }

    /// The iterate: the user's own memory.
    view<B, T const> w() const { return w_; }
    /// out = w - (mean residual + server residual), in steps of the model: where the run would be had nothing been held
    /// back.
    void corrected(std::type_identity_t<view<B, T>> out) const {
        if (out.size() != w_.size()) throw dimension_error("corrected: the output has another size than the model");
        double const unit = method_.feedback.residual_units() == units::model ? 1 : last_lr_;
        B::copy(w_, out);
        if constexpr (keeps_residual)
            for (auto const& k : workers_)
                B::axpy(static_cast<T>(-unit / static_cast<double>(workers_.size())), k.residual, out);
        if constexpr (compresses_downlink) B::axpy(static_cast<T>(-unit), server_residual_, out);
    }
    /// The residual of hosted worker k.
    view<B, T const> residual(std::size_t k) const requires Method::keeps_residual { return workers_.at(k).residual; }
    /// The server's residual.
    view<B, T const> server_residual() const requires Method::compresses_downlink { return server_residual_; }

    std::uint64_t round() const { return round_; } ///< rounds done
    Method const& method() const { return method_; }
    traffic_account const& traffic() const { return traffic_; }

    /// From the next step on, health() is measured.
    void measure_health(bool on = true) { measures_ = on; }
    /// How the last step went; needs measure_health().
    terse::health health() const {
        terse::health h;
        auto const n = static_cast<double>(workers_.size());
        for (auto const& k : workers_) {
            h.gradient_norm += std::sqrt(k.gradient_squared) / n;
            h.contraction += k.input_squared == 0 ? 0 : k.lost_squared / k.input_squared / n;
        }
        if constexpr (keeps_residual) {
            buffer<B, T> mean(w_.size());
            buffer<B, T> difference(w_.size());
            average(mean);
            for (auto const& k : workers_) {
                h.residual_norm += std::sqrt(B::sum_of_squares(view<B, T const>(k.residual))) / n;
                B::combine(k.residual, T(-1), mean, view<B, T>(difference));
                h.residual_distance += B::sum_of_squares(view<B, T const>(difference)) / n;
            }
            h.residual_distance = std::sqrt(h.residual_distance);
            double const unit = method_.feedback.residual_units() == units::model ? last_lr_ : 1;
            if (h.gradient_norm > 0) h.residual_ratio = h.residual_norm / unit / h.gradient_norm;
        }
        return h;
    }

private:
    using message = message_of<decltype(Method::compressor), B, T>;
    using momentum_type = decltype(Method::momentum);
    static constexpr bool keeps_residual = Method::keeps_residual;
    static constexpr bool moves_point = Method::moves_point;
    static constexpr bool compresses_downlink = Method::compresses_downlink;
    // Dense messages are added up as they come, so that there need not be one for each worker at the same time.
    static constexpr bool streams = std::same_as<message, dense_message<B, T>>;

    struct worker {
        typename momentum_type::template worker_state<B, T> momentum;
        buffer<B, T> residual;
        double gradient_squared = 0; // for health()
        double input_squared = 0;
        double lost_squared = 0;
    };
    struct thread_local_memory {
        scratch<B> temporary;
        buffer<B, T> point;
    };
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

    momentum_type const& momentum() const { return method_.momentum; }

    round_scales scales(double lr) const {
        bool const in_model = method_.feedback.residual_units() == units::model;
        double const last = round_ == 0 || last_lr_ == 0 ? lr : last_lr_;
        return {lr, last, in_model ? 1 : lr, in_model ? 1 : last};
    }
    worker_context at(std::uint32_t number) const { return {options_.seed, round_, number, session_.workers()}; }
    context<B> compression_context(std::uint32_t number, scratch<B>& temporary) const {
        return {at(number), 0, &temporary};
    }

    void average(buffer<B, T>& mean) const {
        mean.assign(w_.size(), T(0));
        for (auto const& k : workers_) B::axpy(T(1), k.residual, view<B, T>(mean));
        B::scale(T(1) / static_cast<T>(workers_.size()), view<B, T>(mean));
    }
    // The mean waits in residual_mean_ until all gradients are known to be good.
    bool average_residuals() {
        if constexpr (keeps_residual) {
            if (!method_.feedback.averages_residuals(round_)) return false;
            average(residual_mean_);
            return true;
        }
        return false;
    }
    void account_for_averaging(bool averages) {
        traffic_.begin_round(w_.size(), session_.workers());
        if (!averages) return;
        auto const n = session_.workers();
        auto const each = wire::header_bytes + w_.size() * sizeof(T);
        traffic_.add(wire::kind::dense, {n * each, n * each}, 2.0 * static_cast<double>(w_.size()) * n);
        traffic_.averaging += {n * each, n * each};
    }

    template <class G>
    void run_workers(round_scales now, G& gradient, bool averages) {
        auto const hosted = workers_.size();
        if constexpr (streams) folder<B, T>::begin(w_.size(), update_);
        for (std::size_t first = 0; first < hosted; first += gradients_.size()) {
            auto const n = std::min(gradients_.size(), hosted - first);
            session_.agree(
                n, [&](std::size_t i, unsigned thread) { contribute(first + i, i, thread, now, gradient, averages); });
            broken_ = true; // from here on the state changes
            if constexpr (streams) {
                for (std::size_t begin = 0; begin < n; begin += messages_.size()) {
                    auto const m = std::min(messages_.size(), n - begin);
                    session_.for_each(m, [&](std::size_t i, unsigned thread) {
                        compress(first + begin + i, begin + i, i, thread, now, averages);
                    });
                    session_.exchange(std::span(messages_).first(m), [&](auto all) { add_up(all); });
                }
            } else {
                session_.for_each(n, [&](std::size_t i, unsigned thread) {
                    compress(first + i, i, first + i, thread, now, averages);
                });
            }
        }
    }

    // One worker's gradient into its slot. Changes nothing else.
    template <class G>
    void contribute(std::size_t k, std::size_t slot, unsigned thread, round_scales now, G& gradient, bool averages) {
        auto& memory = threads_[thread];
        auto const number = session_.first() + static_cast<std::uint32_t>(k);
        view<B, T> const g = gradients_[slot];
        auto x = view<B, T const>(w_);
        if constexpr (moves_point)
            x = method_.feedback.point(x, averages ? residual_mean_ : workers_[k].residual, view<B, T>(memory.point),
                                       now, round_);
        method_.work.contribute(gradient, at(number), x, g, now.lr, memory.temporary);
        if (options_.on_non_finite != non_finite::propagate)
            if (auto const i = B::first_non_finite(view<B, T const>(g)); i < g.size())
                throw non_finite_error(number, round_, i);
        method_.clip.apply(g, session_.workers());
        method_.decay.couple(x, g);
        if (measures_) workers_[k].gradient_squared = B::sum_of_squares(view<B, T const>(g));
    }

    // What the worker sends of it.
    void compress(std::size_t k, std::size_t gradient_slot, std::size_t message_slot, unsigned thread, round_scales now,
                  bool averages) {
        auto& memory = threads_[thread];
        auto& own = workers_[k];
        auto& out = messages_[message_slot];
        auto const here = compression_context(session_.first() + static_cast<std::uint32_t>(k), memory.temporary);
        auto const g = momentum().inject(own.momentum, shared_, view<B, T>(gradients_[gradient_slot]), now, round_);
        if constexpr (keeps_residual) {
            if (averages) B::copy(residual_mean_, view<B, T>(own.residual));
            auto const unit = method_.feedback.residual_units();
            auto const a = unit == units::model ? static_cast<T>(now.lr) : T(1);
            auto const b = unit == units::gradient_rescaled ? static_cast<T>(now.last_lr / now.lr) : T(1);
            take<B, T>(method_.compressor, a, g, b, own.residual, out, here); // e <- b e + a g; e <- e - C(e)
            if (measures_) measure(own, own.residual, out, T(1), memory.temporary);
        } else {
            method_.compressor.compress(g, out, here);
            if (measures_) measure(own, g, out, T(-1), memory.temporary);
        }
        momentum().forget(own.momentum, out);
    }

    // v = known + sign * message is what was compressed (sign 1), or what was lost (sign -1); `known` is the other one.
    void measure(worker& own, view<B, T const> known, message const& sent, T sign, scratch<B>& temporary) {
        typename scratch<B>::scope const scope(temporary);
        auto const v = temporary.template take<T>(known.size());
        B::copy(known, v);
        sent.add_to(sign, v);
        own.input_squared = B::sum_of_squares(view<B, T const>(v));
        own.lost_squared = B::sum_of_squares(known);
        if (sign < 0) std::swap(own.input_squared, own.lost_squared);
    }

    void add_up(std::span<message const> all) {
        for (auto const& m : all) pending_up_.push_back({wire::kind_of(m), m.bytes(), m.floats()});
        folder<B, T>::add(
            all.size(), [&](std::size_t k) -> message const& { return all[k]; }, update_);
    }

    // update_ = mean of the messages
    void gather() {
        auto const share = T(1) / static_cast<T>(session_.workers());
        if constexpr (streams) {
            folder<B, T>::finish(share, update_);
        } else {
            session_.exchange(std::span(messages_), [&](std::span<message const> all) {
                for (auto const& m : all) pending_up_.push_back({wire::kind_of(m), m.bytes(), m.floats()});
                folder_.fold(
                    all.size(), [&](std::size_t k) -> message const& { return all[k]; }, share, update_);
            });
        }
        for (auto const& m : pending_up_) traffic_.add(m.kind, {m.bytes, 0}, m.floats);
        pending_up_.clear();
    }

    // e_s <- b e_s + u; u <- C(e_s); e_s <- e_s - u. Without compression u stays as it is.
    void broadcast(round_scales now) {
        if constexpr (compresses_downlink) {
            view<B, T> const e = server_residual_;
            if (method_.feedback.residual_units() == units::gradient_rescaled)
                B::scale(static_cast<T>(now.last_lr / now.lr), e);
            update_.add_to(T(1), e);
            method_.downlink.compress(view<B, T const>(e), downlink_message_,
                                      compression_context(shared_by_all, threads_[0].temporary));
            downlink_message_.add_to(T(-1), e);
            account_for_broadcast(downlink_message_);
            folder_.fold(
                1, [&](std::size_t) -> auto const& { return downlink_message_; }, T(1), update_);
        } else {
            account_for_broadcast(update_);
        }
    }
    template <class M>
    void account_for_broadcast(M const& m) {
        auto const n = session_.workers();
        traffic_.add(wire::kind_of(m), {0, m.bytes() * n}, m.floats() * n);
    }

    struct up_message {
        wire::kind kind;
        std::uint64_t bytes;
        double floats;
    };

    Method method_;
    Session session_;
    train_options options_;
    view<B, T> w_;
    std::vector<worker> workers_;
    std::vector<buffer<B, T>> gradients_;
    std::vector<thread_local_memory> threads_;
    std::vector<message> messages_;
    typename momentum_type::template shared_state<B, T> shared_;
    typename downlink_message<decltype(Method::downlink)>::type downlink_message_;
    update<B, T> update_;
    folder<B, T> folder_;
    buffer<B, T> server_residual_;
    buffer<B, T> residual_mean_;
    buffer<B, T> decay_momentum_;
    buffer<B, T> decay_change_;
    traffic_account traffic_;
    std::vector<up_message> pending_up_;
    double last_lr_ = 0;
    std::uint64_t round_ = 0;
    bool measures_ = false;
    bool broken_ = false;
};

} // namespace terse
