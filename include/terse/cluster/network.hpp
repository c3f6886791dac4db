// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <terse/cluster/topology.hpp>
#include <terse/error.hpp>

namespace terse {

/// A connection: b bytes take latency + b / bandwidth seconds.
struct network_link {
    double latency = 0;                                         ///< seconds for each message (alpha)
    double bandwidth = std::numeric_limits<double>::infinity(); ///< bytes per second (1 / beta)

    double seconds(double bytes) const { return latency + bytes / bandwidth; }

    /// Throws configuration_error.
    void validate(char const* whose) const {
        if (!(latency >= 0 && std::isfinite(latency)))
            throw configuration_error(std::string("network: ") + whose + ": the latency must be finite, 0 or more");
        if (!(bandwidth > 0))
            throw configuration_error(std::string("network: ") + whose + ": the bandwidth must be above 0");
    }
};

/// Seconds of a round, or of many: they add up to the whole. Up and down are what communication adds to the
/// computation, so what overlaps with it is not in there.
struct round_seconds {
    double compute = 0; ///< the mean over the workers that count
    double wait = 0;    ///< the mean time that they are done before the slowest
    double up = 0;
    double down = 0;

    double total() const { return compute + wait + up + down; }
    round_seconds& operator+=(round_seconds const& b) {
        compute += b.compute;
        wait += b.wait;
        up += b.up;
        down += b.down;
        return *this;
    }
    friend bool operator==(round_seconds const&, round_seconds const&) = default;
};

/// What a worker that takes part brings to a round.
struct worker_load {
    std::uint32_t worker = 0;
    double seconds = 0; ///< of computation
    double bytes = 0;   ///< of its message
    double delay = 0;   ///< seconds that its message is held up besides
    bool counts = true; ///< otherwise nobody waits for its message, but it is told the update
};

/// The time that messages take: links with latency and bandwidth, in full duplex. docs/network.md has the formulas.
struct network {
    enum class pattern {
        parameter_server, ///< all to one, and a copy of the update to each
        ring_all_reduce,  ///< n pieces go round twice: 2 (n - 1) steps of a link
        ring_all_gather,  ///< whole messages go round once: n - 1 steps of a link
        neighbours        ///< each worker sends its message to each of its neighbours in `graph`
    };

    pattern how = pattern::parameter_server;
    network_link worker{};               ///< of each worker
    std::vector<network_link> workers{}; ///< or one for each worker, instead
    network_link server{}; ///< the server's own, which messages take one after the other, each with its latency
    /// The last part of the computation, 0 .. 1, during which the exchange of what is there already goes on.
    double overlap = 0;
    std::optional<topology> graph{}; ///< of pattern::neighbours

    /// Throws configuration_error.
    void validate(std::uint32_t cluster) const {
        worker.validate("worker");
        server.validate("server");
        for (auto const& l : workers) l.validate("worker");
        if (!workers.empty() && workers.size() != cluster)
            throw configuration_error("network: " + std::to_string(workers.size()) + " links for " +
                                      std::to_string(cluster) + " workers");
        if (!(overlap >= 0 && overlap <= 1)) throw configuration_error("network: the overlap must lie in [0, 1]");
        if (how != pattern::neighbours) return;
        if (!graph) throw configuration_error("network: neighbours need a graph");
        require_workers(*graph, cluster);
    }

    network_link const& link_of(std::uint32_t k) const { return workers.empty() ? worker : workers[k]; }

    /// One round: the messages of the `loads` that count go up, and `down` bytes go to each of them all. Workers
    /// ascend.
    round_seconds round(std::span<worker_load const> loads, double down) const {
        round_seconds r;
        double slowest = 0, sum = 0, count = 0;
        for (auto const& k : loads) {
            if (!k.counts) continue;
            slowest = std::max(slowest, k.seconds);
            sum += k.seconds;
            ++count;
        }
        if (count > 0) r.compute = std::min(sum / count, slowest);
        r.wait = slowest - r.compute;
        double const gathered = gather(loads, count);
        double const up_end = std::max(slowest, gathered);
        r.up = up_end - slowest;
        r.down = std::max(slowest, gathered + spread(loads, count, down)) - up_end;
        return r;
    }

private:
    using loads_of_round = std::span<worker_load const>;

    double start(worker_load const& k) const { return (1 - overlap) * k.seconds + k.delay; }

    // When everything is where it is needed for the mean.
    double gather(loads_of_round loads, double count) const {
        if (how == pattern::parameter_server) return serve(loads);
        double ready = 0, bytes = 0, end = 0;
        for (auto const& k : loads) {
            if (!k.counts) continue;
            ready = std::max(ready, start(k));
            bytes = std::max(bytes, k.bytes);
            if (how == pattern::neighbours) end = std::max(end, talk(k, loads));
        }
        if (how == pattern::neighbours || count == 0) return end;
        return ready + (count - 1) * slowest_link(loads, how == pattern::ring_all_reduce ? bytes / count : bytes);
    }

    // When the mean is with all of them, counted from then.
    double spread(loads_of_round loads, double count, double down) const {
        double last = 0, copies = 0;
        if (how == pattern::parameter_server)
            for (auto const& k : loads)
                last = std::max(last, ++copies * server.seconds(down) + link_of(k.worker).seconds(down));
        if (how == pattern::ring_all_reduce && count > 0) last = (count - 1) * slowest_link(loads, down / count);
        return last;
    }

    // Messages queue at the server in the order in which they arrive.
    double serve(loads_of_round loads) const {
        std::vector<std::pair<double, double>> arrivals; // when, and how long the server takes
        for (auto const& k : loads)
            if (k.counts) arrivals.emplace_back(start(k) + link_of(k.worker).seconds(k.bytes), server.seconds(k.bytes));
        std::ranges::sort(arrivals);
        double busy = 0;
        for (auto const& [when, takes] : arrivals) busy = std::max(busy, when) + takes;
        return busy;
    }

    // Every step of a ring waits for the largest message on the slowest link.
    double slowest_link(loads_of_round loads, double bytes) const {
        double most = 0;
        for (auto const& k : loads)
            if (k.counts) most = std::max(most, link_of(k.worker).seconds(bytes));
        return most;
    }

    // When a worker has sent its message to all neighbours and has theirs.
    double talk(worker_load const& k, loads_of_round loads) const {
        auto const& own = link_of(k.worker);
        double sending = start(k), receiving = start(k);
        for (auto const j : graph->neighbours(k.worker)) {
            auto const other = std::ranges::lower_bound(loads, j, {}, &worker_load::worker);
            if (other == loads.end() || other->worker != j || !other->counts) continue;
            auto const& theirs = link_of(j);
            sending += own.seconds(k.bytes);
            receiving = std::max(receiving, start(*other)) + std::max(own.latency, theirs.latency) +
                        other->bytes / std::min(own.bandwidth, theirs.bandwidth);
        }
        return std::max(sending, receiving);
    }
};

/// What a method needs to reach its goal, for the question whether it is worth it.
struct method_cost {
    double rounds = 1;
    double seconds = 0; ///< of computation in a round, compression included
    double up = 0;      ///< bytes of each worker's message
    double down = 0;    ///< bytes of the update

    /// Seconds to the goal with `workers` workers, if all links have this bandwidth.
    double at(network net, std::uint32_t workers, double bandwidth) const {
        net.worker.bandwidth = net.server.bandwidth = bandwidth;
        for (auto& l : net.workers) l.bandwidth = bandwidth;
        std::vector<worker_load> loads;
        for (std::uint32_t k = 0; k < workers; ++k) loads.push_back({.worker = k, .seconds = seconds, .bytes = up});
        return rounds * net.round(loads, down).total();
    }
};

/// The bandwidth in bytes per second below which faster(bandwidth) holds: infinite if it always does, 0 if it never
/// does (between 1 and 1e18). Where it changes more than once, the lowest change.
template <std::predicate<double> F>
double break_even_bandwidth(F faster) {
    if (!faster(1)) return 0;
    for (double low = 1; low < 1e18; low *= 2) {
        double high = 2 * low;
        if (faster(high)) continue;
        for (double from = low; high - from > 1e-9 * high;) {
            double const middle = (from + high) / 2;
            (faster(middle) ? from : high) = middle;
        }
        return high;
    }
    return std::numeric_limits<double>::infinity();
}

/// The bandwidth of all links below which a is faster than b. Their times cross more than once where messages overlap
/// with computation.
inline double break_even_bandwidth(method_cost const& a, method_cost const& b, network const& net,
                                   std::uint32_t workers) {
    net.validate(workers);
    return break_even_bandwidth(
        [&](double bandwidth) { return a.at(net, workers, bandwidth) < b.at(net, workers, bandwidth); });
}

} // namespace terse
