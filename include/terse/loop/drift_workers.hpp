// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/backend/place.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/cluster/concept.hpp>
#include <terse/cluster/topology.hpp>
#include <terse/cluster/traffic.hpp>
#include <terse/context.hpp>
#include <terse/loop/meeting.hpp>
#include <terse/wire/dense.hpp>

namespace terse {

/// What one worker of a drift run has, apart from the others.
template <class Own, class B, class T>
struct drift_worker {
    buffer<B, T> model, momentum;
    Own own;

    template <class A>
    void state(A& archive) {
        archive("model", model);
        if (!momentum.empty()) archive("momentum", momentum);
        own.state(archive);
    }
};

/// The workers that this process hosts in a drift run, and the ways in which they talk to all others. Models, momenta
/// and gradients are messages already, so that they travel without a copy.
template <class Step, class Own, class Session, class B, class T>
class drift_workers {
public:
    static constexpr bool keeps_momentum = Step::keeps_momentum;
    using vectors = std::vector<dense_message<B, T>>;

    drift_workers(Session session, view<B, T> w, std::uint64_t seed)
        : session_(std::move(session)), seed_(seed), w_(w), models_(session_.hosted()), momenta_(session_.hosted()),
          own_(session_.hosted()), spares_(session_.in_flight()), temporary_(session_.threads()) {
        for (unsigned i = 0; i < temporary_.size(); ++i) temporary_[i].helpers = team_of(session_, i);
        for (auto& m : models_) reset(m, w);
        if constexpr (keeps_momentum)
            for (auto& m : momenta_) m.values.assign(w.size(), T(0));
        for (auto& o : own_) o.reset(w.size());
        for (auto& g : spares_) g.reset(w.size());
        mean_.values.assign(w.size(), T(0));
    }

    std::size_t hosted() const { return models_.size(); }
    std::uint32_t workers() const { return session_.workers(); }
    /// The number of hosted worker i in the whole cluster.
    std::uint32_t number(std::size_t i) const { return session_.first() + static_cast<std::uint32_t>(i); }
    std::uint64_t round() const { return round_; }
    double lr() const { return lr_; }

    /// The common model, the same in every process.
    view<B, T> w() const { return w_; }
    view<B, T> model(std::size_t i) { return models_[i].values; }
    view<B, T> momentum(std::size_t i) { return momenta_[i].values; }
    /// What the mixing keeps for hosted worker i.
    Own& own(std::size_t i) { return own_[i]; }
    vectors& models() { return models_; }
    vectors& momenta() { return momenta_; }

    static void copy(input<B, T> from, view<B, T> to) { B::copy(from, to); }
    static void add(double a, input<B, T> x, view<B, T> y) { B::axpy(static_cast<T>(a), x, y); }
    static view<B, T> writable(buffer<B, T>& x) { return x; }
    static void clear(view<B, T> x) { B::fill(x, T(0)); }

    /// f(i) or f(i, context) for every hosted worker i, on all threads.
    template <class F>
    void for_each(F f) {
        for_each(0, hosted(), f);
    }
    template <class F>
    void for_each(std::size_t first, std::size_t n, F f) {
        in_this_place<B>(session_).for_each(n, [&](std::size_t j, unsigned thread) {
            if constexpr (std::invocable<F&, std::size_t>)
                f(first + j);
            else
                f(first + j, context<B>{at(first + j), 0, &temporary_[thread]});
        });
    }

    /// The mean over all workers of what these are of the hosted ones, folded in worker order; valid until the next.
    view<B, T const> mean(vectors& of) {
        average(of);
        auto const each = mean_.bytes() * workers();
        traffic_.add(mean_.kind, {each, each}, 2 * mean_.floats() * workers());
        return mean_.values;
    }

    /// The mean of all workers' messages.
    template <class M>
    update<B, T>& mean(meeting<M, B, T>& m) {
        auto const hosted_messages = std::span(m.messages);
        auto const fold = [&](std::span<M const> all, std::uint32_t senders) {
            for (auto const& x : all) traffic_.add(wire::kind_of(x), {x.bytes() * senders, 0}, x.floats() * senders);
            m.folding.fold(
                all.size(), [&](std::size_t k) -> M const& { return all[k]; }, T(1) / static_cast<T>(workers()),
                m.mean);
        };
        if (adds_up()) {
            if constexpr (requires { session_.sum(hosted_messages); }) session_.sum(hosted_messages);
            fold(hosted_messages.first(1), workers());
        } else {
            session_.exchange(hosted_messages, [&](std::span<M const> all) { fold(all, 1); });
        }
        if constexpr (one_server) {
            if (!session_.serves()) m.mean.share(m.messages.front());
            session_.from_server(traffic_, 1);
            session_.from_server(m.mean, w_.size());
        }
        traffic_.add(wire::kind_of(m.mean), {0, m.mean.bytes() * workers()}, m.mean.floats() * workers());
        return m.mean;
    }

    /// y_i <- sum_j weight(i, j) y_j over worker i itself and its neighbours, in ascending order of their numbers,
    /// where y_j is what `of` has of worker j.
    template <class Weight>
    void mix_over(topology const& graph, vectors& of, Weight weight) {
        if (spares_.size() < hosted()) spares_.resize(hosted());
        session_.exchange_with_neighbours(graph, std::span(of),
                                          [&](std::size_t i, std::span<dense_message<B, T> const* const> messages) {
                                              auto const me = number(i);
                                              auto& sum = spares_[i].values;
                                              sum.assign(w_.size(), T(0));
                                              auto const add = [&](std::uint32_t j, dense_message<B, T> const& y) {
                                                  y.add_to(static_cast<T>(weight(me, j)), sum);
                                              };
                                              auto const neighbours = graph.neighbours(me);
                                              std::size_t n = 0;
                                              for (; n < neighbours.size() && neighbours[n] < me; ++n)
                                                  add(neighbours[n], *messages[n]);
                                              add(me, of[i]);
                                              for (; n < neighbours.size(); ++n) add(neighbours[n], *messages[n]);
                                          });
        for (std::size_t i = 0; i < hosted(); ++i) of[i].values.swap(spares_[i].values);
        auto const arcs = graph.is_directed() ? graph.edges() : 2 * graph.edges();
        auto const sent = mean_.bytes() * arcs;
        traffic_.add(mean_.kind, {sent, sent}, 2 * mean_.floats() * static_cast<double>(arcs));
    }

    // For the loop alone.
    worker_context at(std::size_t i) const { return {seed_, round_, number(i), workers()}; }
    void begin_round(std::uint64_t round, double lr) {
        round_ = round;
        lr_ = lr;
        if constexpr (requires { session_.begin_round(round, lr); }) session_.begin_round(round, lr);
    }
    view<B, T> gradient(std::size_t j) { return spares_[j].values; }
    std::size_t in_flight() const { return std::min(session_.in_flight(), hosted()); }
    /// mean(), but not part of the account.
    view<B, T const> average(vectors& of) {
        B::fill(view<B, T>(mean_.values), T(0));
        auto const add = [&](std::span<dense_message<B, T> const> all) {
            for (auto const& x : all) x.add_to(T(1), mean_.values);
        };
        if (adds_up()) { // in the memory of the gradients, because it leaves the sum in one of the vectors
            for (std::size_t i = 0; i < hosted(); ++i) copy(of[i].values, spares_[i].values);
            auto const sums = std::span(spares_);
            if constexpr (requires { session_.sum(sums); }) session_.sum(sums);
            add(sums.first(1));
        } else {
            session_.exchange(std::span(of), add);
        }
        if (workers() > 1) B::scale(T(1) / static_cast<T>(workers()), view<B, T>(mean_.values));
        if constexpr (one_server) session_.from_server(mean_, w_.size());
        return mean_.values;
    }
    Session& session() { return session_; }
    traffic_account& traffic() { return traffic_; }
    traffic_account const& traffic() const { return traffic_; }
    view<B, T const> model(std::size_t i) const { return models_.at(i).values; }

    template <class A>
    void worker_state(A& archive, std::size_t i) {
        archive("model", models_.at(i).values);
        if constexpr (keeps_momentum) archive("momentum", momenta_[i].values);
        own_[i].state(archive);
    }
    drift_worker<Own, B, T> fresh_worker() const {
        drift_worker<Own, B, T> k;
        k.model.resize(w_.size());
        copy(w_, k.model);
        if constexpr (keeps_momentum) k.momentum.assign(w_.size(), T(0));
        k.own.reset(w_.size());
        return k;
    }

private:
    static constexpr bool one_server = requires(Session & s) { s.serves(); };
    bool adds_up() const {
        if constexpr (requires { session_.adds_up(); }) return session_.adds_up();
        return false;
    }
    static void reset(dense_message<B, T>& m, view<B, T const> x) {
        m.reset(x.size());
        copy(x, m.values);
    }

    Session session_;
    std::uint64_t seed_;
    view<B, T> w_;
    vectors models_, momenta_;
    std::vector<Own> own_;
    vectors spares_; // gradients, and what replaces models that are mixed
    dense_message<B, T> mean_;
    std::vector<scratch<B>> temporary_;
    traffic_account traffic_;
    std::uint64_t round_ = 0;
    double lr_ = 0;
};

} // namespace terse
