// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <ranges>
#include <span>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

#include <terse/cluster/concept.hpp>
#include <terse/cluster/mpi/communicator.hpp>
#include <terse/cluster/mpi/linear.hpp>
#include <terse/cluster/mpi/message.hpp>
#include <terse/cluster/ranks/agreement.hpp>
#include <terse/cluster/topology.hpp>
#include <terse/cluster/worker_threads.hpp>

namespace terse::mpi {

using ranks::doing;
using ranks::failure;
using terse::worker_failed;

/// How messages get around.
enum class exchange {
    collective,       ///< every rank sends to all others, and each is the server
    parameter_server, ///< the first rank is the server: messages go to it, and what it broadcasts comes back
    /// MPI adds up the messages, which must all be of the same coordinates. Faster, but not bit-exact: the order of the
    /// sums is MPI's choice, and changes with the number of ranks.
    all_reduce
};

/// One rank's part of a cluster. Made by mpi::cluster.
class session {
public:
    session(communicator ranks, std::uint32_t workers, unsigned threads, std::size_t chunk_bytes, mpi::exchange way)
        : ranks_(std::move(ranks)), chunk_bytes_(chunk_bytes), way_(way) {
        auto const n = static_cast<std::uint32_t>(ranks_.size());
        for (std::uint32_t r = 0; r <= n; ++r) begin_.push_back(workers / n * r + std::min(r, workers % n));
        failures_.resize(hosted());
        threads_ = std::make_unique<worker_threads>(threads, hosted());
    }

    std::uint32_t workers() const { return static_cast<std::uint32_t>(begin_.back()); }
    std::uint32_t first() const { return static_cast<std::uint32_t>(begin_[rank()]); }
    std::size_t hosted() const { return begin_[rank() + 1] - begin_[rank()]; }
    unsigned threads() const { return threads_->at_once(); }
    thread_pool* team(unsigned thread) const { return threads_->team(thread); }
    std::size_t in_flight() const { return hosted(); }
    std::size_t at_once() const { return hosted(); } // with fewer, messages would not come in the order of the workers

    /// All ranks must have the same numbers.
    void require_same(std::span<named_number const> numbers) { ranks::require_same(ranks_, numbers); }
    /// From here on, all ranks must be in this round and have this learning rate.
    void begin_round(std::uint64_t round, double lr) {
        now_.round = round;
        now_.lr = lr;
    }

    /// An exception is kept until the next exchange(), where all ranks learn of it.
    template <class F>
    void for_each(std::size_t n, F&& f) {
        threads_->for_each(n, [&](std::size_t i, unsigned thread) {
            try {
                f(i, thread);
            } catch (...) {
                failures_[i] = std::current_exception();
            }
        });
    }
    template <class F>
    void agree(std::size_t n, F&& f) {
        for_each(n, f);
        now_.now = doing::gradients;
        ranks::agree(ranks_, now_, take_failure(), std::vector<std::uint64_t>(most_hosted()));
    }

    /// Whether this rank is the server, or one of them.
    bool serves() const { return way_ != mpi::exchange::parameter_server || rank() == 0; }

    /// use(every worker's message, in worker order), where the server is.
    template <class X, class F>
    void exchange(std::span<X> hosted, F&& use) {
        using M = std::remove_const_t<X>;
        auto sizes = agree_on_sizes<M>(hosted, {doing::exchange, now_.round, now_.lr});
        std::vector<std::uint64_t> begin(begin_.size()); // of every rank's bytes
        for (std::size_t r = 0; r + 1 < begin_.size(); ++r)
            begin[r + 1] = std::accumulate(sizes.begin() + static_cast<std::ptrdiff_t>(begin_[r]),
                                           sizes.begin() + static_cast<std::ptrdiff_t>(begin_[r + 1]), begin[r]);
        if (!serves())
            for (std::size_t k = 0; k < sizes.size(); ++k)
                if (!hosts(k)) sizes[k] = 0;
        lay_out(sizes);
        put_all<M>(hosted);
        if (way_ == mpi::exchange::parameter_server)
            ranks_.gather_first(bytes_, begin, chunk_bytes_);
        else
            ranks_.gather(bytes_, begin, chunk_bytes_);
        if (!serves()) return ranks_.at_stage("is between two exchanges");

        auto& all = received<M>();
        all.resize(workers());
        for (std::size_t k = 0; k < all.size(); ++k)
            get_like(hosted[0], std::span<std::byte const>(of_worker(k)), all[k]);
        use(std::span<M const>(all));
        ranks_.at_stage("is between two exchanges");
    }

    /// f() where the server is; an exception is thrown by all ranks.
    template <class F>
    void serve(F&& f) {
        if (way_ != mpi::exchange::parameter_server) return f();
        failure failed;
        if (serves()) try {
                f();
            } catch (...) {
                failed = {shared_by_all, std::current_exception()};
            }
        ranks::agree(ranks_, {doing::serve, now_.round, now_.lr}, failed);
    }
    /// m becomes the server's; one that is encodable has this dimension, and what does not travel is set.
    template <Carried M>
    void from_server(M& m, std::size_t dimension) {
        if (way_ != mpi::exchange::parameter_server) return;
        if constexpr (std::is_trivially_copyable_v<M>) {
            ranks_.broadcast_value(m);
        } else {
            if (serves()) {
                bytes_.resize(bytes_of(m));
                put(m, shared_by_all, now_.round, bytes_);
            }
            ranks_.broadcast(bytes_, 0, chunk_bytes_);
            if (!serves()) get(std::span<std::byte const>(bytes_), dimension, m);
        }
    }

    /// Whether messages are added up by sum() rather than exchanged one by one.
    bool adds_up() const { return way_ == mpi::exchange::all_reduce; }
    /// hosted[0] becomes the sum of all workers' messages. Throws configuration_error on all ranks if they are not of
    /// the same coordinates.
    template <class M>
    void sum(std::span<M> hosted) {
        auto const sizes = agree_on_sizes<M>(hosted, {doing::exchange, now_.round, now_.lr});
        bool const alike = std::ranges::adjacent_find(sizes, std::not_equal_to()) == sizes.end();
        auto const refuse = [&] {
            ranks_.throws_everywhere(true);
            throw configuration_error("mpi: all_reduce needs messages that have the same coordinates on all workers");
        };
        if (!alike) refuse();
        for (std::size_t i = 1; i < hosted.size(); ++i)
            if (!add_values(hosted[i], hosted[0])) refuse();
        auto const add_up = [&](auto values) { ranks_.sum(std::span(values.data(), values.size()), chunk_bytes_); };
        if (!ranks::for_each_values(hosted[0], add_up)) refuse();
    }

    /// use(i, the messages of hosted worker i's neighbours, in ascending order of their numbers): a span of M const*.
    /// A message travels once to each rank that hosts a listener of its sender. All ranks must have the same graph.
    template <class X, class F>
    void exchange_with_neighbours(topology const& graph, std::span<X> hosted, F&& use) {
        using M = std::remove_const_t<X>;
        require_workers(graph, workers());
        auto sizes = agree_on_sizes<M>(hosted, {doing::neighbours, now_.round, now_.lr, graph.checksum()});

        auto const has_listener = [&](std::uint32_t k, std::size_t r) { // of worker k, on rank r
            auto const of_k = graph.listeners(k);
            auto const first = std::ranges::lower_bound(of_k, begin_[r]);
            return first != of_k.end() && *first < begin_[r + 1];
        };
        for (std::uint32_t k = 0; k < workers(); ++k)
            if (!hosts(k) && !has_listener(k, rank())) sizes[k] = 0;
        lay_out(sizes);
        put_all<M>(hosted);

        std::vector<communicator::part> sent, arriving;
        for (std::size_t r = 0; r + 1 < begin_.size(); ++r)
            for (auto k = begin_[r]; k < begin_[r + 1]; ++k) {
                if (r != rank()) {
                    if (sizes[k] != 0) arriving.push_back({static_cast<int>(r), of_worker(k)});
                    continue;
                }
                for (std::size_t to = 0; to + 1 < begin_.size(); ++to)
                    if (to != r && has_listener(static_cast<std::uint32_t>(k), to))
                        sent.push_back({static_cast<int>(to), of_worker(k)});
            }
        ranks_.send_and_receive(sent, arriving, chunk_bytes_);

        auto& all = received<M>();
        all.resize(workers());
        for (std::size_t k = 0; k < all.size(); ++k)
            if (!hosts(k) && sizes[k] != 0) get_like(hosted[0], std::span<std::byte const>(of_worker(k)), all[k]);
        for_each_neighbourhood<M>(
            graph, first(), hosted.size(), [&](std::uint32_t k) { return hosts(k) ? &hosted[k - first()] : &all[k]; },
            use);
        ranks_.at_stage("is between two exchanges");
    }

    /// For saving and loading (run/checkpoint.hpp). All ranks must be about to do it;
    void begin_checkpoint() {
        now_.now = doing::checkpoint;
        ranks::agree(ranks_, now_, {}, std::vector<std::uint64_t>(most_hosted()));
    }
    /// then the bytes of the first rank may go to all of them, and those of a worker from its host to the first rank,
    /// or the other way.
    void broadcast(std::vector<std::byte>& bytes) { ranks_.broadcast(bytes, 0, chunk_bytes_); }
    void to_first(std::uint32_t worker, std::vector<std::byte>& bytes) {
        ranks_.move(bytes, host(worker), 0, chunk_bytes_);
    }
    void from_first(std::uint32_t worker, std::vector<std::byte>& bytes) {
        ranks_.move(bytes, 0, host(worker), chunk_bytes_);
    }
    /// What is thrown next is thrown by all ranks.
    void throws_everywhere() { ranks_.throws_everywhere(true); }

private:
    std::size_t most_hosted() const { return begin_[1]; } // by any rank
    std::size_t rank() const { return static_cast<std::size_t>(ranks_.rank()); }
    bool hosts(std::size_t worker) const { return worker >= begin_[rank()] && worker < begin_[rank() + 1]; }
    int host(std::uint32_t worker) const {
        return static_cast<int>(std::upper_bound(begin_.begin(), begin_.end(), worker) - begin_.begin()) - 1;
    }

    failure take_failure() {
        failure lowest;
        for (std::size_t i = failures_.size(); i-- > 0;)
            if (auto how = std::exchange(failures_[i], nullptr))
                lowest = {first() + static_cast<std::uint32_t>(i), std::move(how)};
        return lowest;
    }

    // The bytes of every worker's message. Throws on all ranks if a worker failed, or if they do not do the same.
    template <class M, class X>
    std::vector<std::uint64_t> agree_on_sizes(std::span<X> hosted, doing const& now) {
        static_assert(Carried<M>, "mpi carries messages in host memory that have `scalar`, write(wire::writer&) and "
                                  "read(wire::reader&, dimension, kind) - docs/mpi.md");
        auto failed = take_failure(); // then the messages are not complete, and have no size
        std::vector<std::uint64_t> mine(most_hosted()), sizes;
        for (std::size_t i = 0; i < hosted.size() && !failed.how; ++i) mine[i] = bytes_of(hosted[i]);
        auto const all = ranks::agree(ranks_, now, failed, mine);
        for (std::size_t r = 0; r + 1 < begin_.size(); ++r)
            for (std::size_t i = 0; i < begin_[r + 1] - begin_[r]; ++i) sizes.push_back(all[r * mine.size() + i]);
        return sizes;
    }
    // Makes room for messages of these sizes, by worker.
    void lay_out(std::span<std::uint64_t const> sizes) {
        offsets_.assign(1, 0);
        for (auto const n : sizes) offsets_.push_back(offsets_.back() + n);
        bytes_.resize(offsets_.back());
    }
    std::span<std::byte> of_worker(std::size_t k) {
        return std::span(bytes_).subspan(offsets_[k], offsets_[k + 1] - offsets_[k]);
    }
    template <class M>
    void put_all(std::span<M const> hosted) {
        for (std::size_t i = 0; i < hosted.size(); ++i)
            put(hosted[i], first() + static_cast<std::uint32_t>(i), now_.round, of_worker(first() + i));
    }

    // The messages that were read in the last exchange of messages of this type, for their memory.
    template <class M>
    std::vector<M>& received() {
        auto& kept = received_[typeid(M)];
        if (!kept) kept = std::make_shared<std::vector<M>>();
        return *static_cast<std::vector<M>*>(kept.get());
    }

    communicator ranks_;
    std::size_t chunk_bytes_;
    mpi::exchange way_;
    std::vector<std::uint64_t> begin_; // the first worker of each rank, and the number of workers
    std::unique_ptr<worker_threads> threads_;
    std::vector<std::exception_ptr> failures_; // of hosted workers
    doing now_;
    std::vector<std::uint64_t> offsets_; // in bytes_: where each worker's message begins, and the end
    std::vector<std::byte> bytes_;
    std::map<std::type_index, std::shared_ptr<void>> received_;
};

} // namespace terse::mpi
