// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/backend/place.hpp>
#include <terse/cluster/traffic.hpp>
#include <terse/context.hpp>
#include <terse/loop/thread_memory.hpp>
#include <terse/momentum/concept.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// What a compressor that talks while it compresses is given of a round: the vectors of the workers that this process
/// hosts, and the collective operations of the cluster. All processes must call the same ones in the same order. What
/// travels is counted, from the sizes of the encodings.
template <class Session, class B, class T>
class collectives {
public:
    collectives(Session& session, std::span<buffer<B, T>> vectors, std::span<thread_memory<B, T>> threads,
                worker_context now, round_scales scales, bool checks, traffic_account& traffic)
        : session_(session), vectors_(vectors), threads_(threads), now_(now), scales_(scales), checks_(checks),
          traffic_(traffic) {}

    std::uint32_t workers() const { return now_.workers; } // of the whole cluster
    std::size_t hosted() const { return vectors_.size(); }
    round_scales scales() const { return scales_; }
    std::uint64_t round() const { return now_.round; }
    bool checks() const { return checks_; } ///< whether NaN and infinity are to be looked for

    /// The vector of hosted worker i; what the compressor leaves in it is what was not sent.
    view<B, T> vector(std::size_t i) { return vectors_[i]; }

    /// f(i, context) for every hosted worker, on the threads of this process.
    template <class F>
    void for_each(F f) {
        in_this_place<B>(session_).for_each(hosted(), [&](std::size_t i, unsigned thread) {
            auto const worker = session_.first() + static_cast<std::uint32_t>(i);
            f(i, context_of(worker, thread));
        });
    }

    /// use(all workers' messages, in worker order), where the server is.
    template <class M, class F>
    void gather(std::span<M> hosted, F use) {
        session_.exchange(hosted, [&](std::span<M const> all) {
            for (auto const& m : all) traffic_.add(wire::kind_of(m), {m.bytes(), 0}, m.floats());
            use(all);
        });
    }

    /// mean = the mean of all workers' messages, folded in worker order, where the server is; they must be of the same
    /// coordinates. A cluster that adds messages up does it here, in an order of its own.
    template <class M>
    void reduce(std::span<M> hosted, M& mean) {
        auto const use = [&](std::span<M const> all, std::uint32_t senders) {
            for (auto const& m : all) traffic_.add(wire::kind_of(m), {m.bytes() * senders, 0}, m.floats() * senders);
            mean = all[0];
            if (workers() != 1) add_and_divide(all.subspan(1), view<B, T>(mean.values));
        };
        if constexpr (requires { session_.sum(hosted); })
            if (session_.adds_up()) {
                session_.sum(hosted);
                return use(std::span<M const>(hosted.first(1)), workers());
            }
        session_.exchange(hosted, [&](std::span<M const> all) { use(all, 1); });
    }

    /// m, which make(context) has made where the server is, goes to all workers.
    template <class M, class F>
    void broadcast(M& m, std::size_t dimension, F make) {
        auto const serve = [&] {
            make(context_of(shared_by_all, 0));
            traffic_.add(wire::kind_of(m), {0, m.bytes() * workers()}, m.floats() * workers());
        };
        if constexpr (requires { session_.serves(); }) {
            session_.serve(serve);
            session_.from_server(m, dimension);
        } else {
            serve();
        }
    }

    /// mean = the mean of all workers' messages, for all workers.
    template <class M>
    void all_reduce(std::span<M> hosted, M& mean) {
        reduce(hosted, mean);
        broadcast(mean, hosted[0].dimension(), [](context<B>) {});
    }

private:
    // y <- (y + the values of the messages, in their order) / workers, at once where the backend can.
    template <class M>
    void add_and_divide(std::span<M const> terms, view<B, T> y) const {
        auto const a = T(1) / static_cast<T>(workers());
        constexpr bool at_once = requires(std::span<view<B, T const> const> vectors) {
            B::template add_vectors<T>(vectors, a, y);
        };
        if constexpr (at_once) {
            std::vector<view<B, T const>> vectors;
            for (auto const& m : terms) vectors.push_back(m.values);
            B::template add_vectors<T>(vectors, a, y);
        } else {
            for (auto const& m : terms) B::axpy(T(1), m.values, y);
            B::scale(a, y);
        }
    }
    context<B> context_of(std::uint32_t worker, unsigned thread) {
        auto at = now_;
        at.worker = worker;
        return {at, 0, &threads_[thread].temporary};
    }

    Session& session_;
    std::span<buffer<B, T>> vectors_;
    std::span<thread_memory<B, T>> threads_;
    worker_context now_;
    round_scales scales_;
    bool checks_;
    traffic_account& traffic_;
};

} // namespace terse
