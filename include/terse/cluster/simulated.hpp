// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/cluster/topology.hpp>
#include <terse/cluster/worker_threads.hpp>
#include <terse/error.hpp>

namespace terse {

/// A cluster that is this process. Made by simulated and solo.
class simulated_session {
public:
    simulated_session(std::uint32_t workers, unsigned threads, std::size_t in_flight)
        : workers_(workers), in_flight_(in_flight), threads_(threads, workers) {}

    std::uint32_t workers() const { return workers_; }
    std::uint32_t first() const { return 0; }
    std::size_t hosted() const { return workers_; }
    unsigned threads() const { return threads_.at_once(); }
    thread_pool* team(unsigned thread) const { return threads_.team(thread); }
    std::size_t in_flight() const { return in_flight_; }
    std::size_t at_once() const { return threads(); }

    template <class F>
    void for_each(std::size_t n, F&& f) {
        threads_.for_each(n, f);
    }
    template <class F>
    void agree(std::size_t n, F&& f) {
        threads_.for_each(n, f); // there is nobody else to tell
    }
    template <class M, class F>
    void exchange(std::span<M> hosted, F&& use) {
        use(std::span<M const>(hosted));
    }
    /// use(i, the messages of hosted worker i's neighbours, in ascending order of their numbers): a span of M const*.
    template <class X, class F>
    void exchange_with_neighbours(topology const& graph, std::span<X> hosted, F&& use) {
        require_workers(graph, workers_);
        for_each_neighbourhood<X>(
            graph, 0, hosted.size(), [&](std::uint32_t k) { return &hosted[k]; }, use);
    }

private:
    std::uint32_t workers_;
    std::size_t in_flight_;
    worker_threads threads_;
};

/// Any number of workers in one process. The bits of a run do not depend on the number of threads. With more than one
/// thread the gradient callback is called for several workers at the same time.
struct simulated {
    std::uint32_t workers = 1;
    unsigned threads = 1; ///< with more of them than workers, several share a worker's long vectors
    /// How many workers' gradients are held at the same time; 0 means all. With fewer, memory per worker is its
    /// residual and its local momentum only, but a step that fails after the first gradients were used cannot be
    /// undone: the run is over. With all, a failed step leaves everything as it was.
    std::uint32_t gradients_in_flight = 0;

    simulated_session attach() const {
        if (workers == 0) throw configuration_error("simulated: there must be at least one worker");
        if (threads == 0) throw configuration_error("simulated: there must be at least one thread");
        auto const held = gradients_in_flight == 0 ? workers : std::min(gradients_in_flight, workers);
        return {workers, threads, held};
    }
};

} // namespace terse
