// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/view.hpp>
#include <terse/cluster/attendance.hpp>
#include <terse/cluster/compute_time.hpp>
#include <terse/cluster/network.hpp>
#include <terse/cluster/topology.hpp>
#include <terse/cluster/traffic.hpp>

namespace terse {

/// The time that a run would take on a network of computers: it looks on, and changes no bit of the run. The clock is a
/// model, not calibrated against a machine; docs/network.md.
class simulated_clock {
public:
    /// Throws configuration_error. The seed is the run's, so that who is late is late in both.
    simulated_clock(network net, compute_time compute, std::uint32_t workers, std::uint64_t seed)
        : network_(std::move(net)), compute_(std::move(compute)), workers_(workers), seed_(seed) {
        if (workers == 0) throw configuration_error("simulated_clock: there must be at least one worker");
        network_.validate(workers);
        compute_.validate();
        ahead_.resize(workers);
    }

    /// From the next round on neighbours are those of this graph, where topologies take turns. Throws
    /// configuration_error for another number of workers.
    void set_graph(topology graph) {
        require_workers(graph, workers_);
        network_.graph = std::move(graph);
    }

    /// One round in which nothing moves, as between two averages of local SGD: nobody waits for anybody. What a worker
    /// is slower than others in such rounds, they wait for in the next round that moves something. The seconds are the
    /// mean over the workers.
    round_seconds const& advance_apart(std::uint64_t round, std::uint32_t gradients = 1) {
        double sum = 0;
        for (std::uint32_t k = 0; k < workers_; ++k) {
            auto const own = compute_.seconds({seed_, round, k, workers_}, gradients);
            ahead_[k] += own;
            sum += own;
        }
        last_ = {.compute = sum / workers_};
        total_ += last_;
        return last_;
    }

    /// The last round of a run, of so many gradients on each worker; returns its seconds.
    template <class Run>
        requires requires(Run const& run) { run.sent(); }
    round_seconds const& advance(Run const& run, std::uint32_t gradients = 1) {
        if (run.round() == 0) throw configuration_error("simulated_clock: the run has made no step yet");
        return advance(run.round() - 1, run.sent(), run.traffic().round, run.attendances(), gradients);
    }

    /// One round: the bytes that each worker sent, all bytes that moved, and who took part; all, if nobody is named.
    /// Bytes that moved up besides are shared evenly, and each worker gets its share of those that moved down. Throws
    /// dimension_error for another number of workers.
    round_seconds const& advance(std::uint64_t round, std::span<std::uint64_t const> sent, bytes_moved moved,
                                 std::span<attendance const> present = {}, std::uint32_t gradients = 1) {
        if (sent.size() != workers_ || (!present.empty() && present.size() != workers_))
            throw dimension_error("simulated_clock: a round of another number of workers");
        loads_.clear();
        std::uint64_t sum = 0;
        double ahead = 0, count = 0; // of those that count

        for (std::uint32_t k = 0; k < workers_; ++k) {
            auto const here = present.empty() ? attendance{} : present[k];
            sum += sent[k];
            if (!here.computes()) continue;
            // Messages may overlap with this round's computation only, not with what went before.
            loads_.push_back({.worker = k,
                              .seconds = ahead_[k] + compute_.seconds({seed_, round, k, workers_}, gradients),
                              .bytes = static_cast<double>(sent[k]),
                              .delay = here.delay + network_.overlap * ahead_[k],
                              .counts = here.counts()});
            if (here.counts()) ahead += ahead_[k], ++count;
        }
        for (auto& k : loads_)
            k.bytes += static_cast<double>(moved.up - std::min(moved.up, sum)) / static_cast<double>(loads_.size());
        last_ = network_.round(loads_, static_cast<double>(moved.down) / workers_);
        if (ahead > 0) last_.compute -= ahead / count; // which is in the total already
        std::ranges::fill(ahead_, 0);
        total_ += last_;
        return last_;
    }

    round_seconds const& last() const { return last_; }   ///< of the last round
    round_seconds const& total() const { return total_; } ///< since the first
    double now() const { return total_.total(); }

    template <class A>
    void state(A& archive) {
        for (auto* const r : {&last_, &total_}) {
            archive("seconds of computation", r->compute);
            archive("seconds of waiting", r->wait);
            archive("seconds up", r->up);
            archive("seconds down", r->down);
        }
        archive("seconds ahead", view<cpu, double>(ahead_.data(), ahead_.size()));
    }

private:
    network network_;
    compute_time compute_;
    std::uint32_t workers_;
    std::uint64_t seed_;
    std::vector<worker_load> loads_;
    std::vector<double> ahead_; // of each worker: seconds of computation since the last exchange
    round_seconds last_;
    round_seconds total_;
};

} // namespace terse
