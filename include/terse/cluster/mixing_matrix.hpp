// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <terse/cluster/topology.hpp>
#include <terse/error.hpp>
#include <terse/wire/crc32c.hpp>

namespace terse {

/// How neighbours mix: x_i <- sum_j W_ij x_j, with a doubly stochastic W that is zero where i does not hear j.
class mixing_matrix {
public:
    /// W_ij = weight(i, j) for i = j and where i hears j. Throws configuration_error unless all weights are in [0, 1]
    /// and every row and every column adds up to 1, but for rounding.
    template <class F>
    mixing_matrix(topology graph, F weight) : graph_(std::move(graph)) {
        std::vector<double> columns(workers());
        for (std::uint32_t i = 0; i < workers(); ++i) {
            begin_.push_back(weights_.size());
            double row = 0;
            auto const add = [&](std::vector<double>& to, std::uint32_t j) {
                double const w = weight(i, j);
                if (!(w >= 0 && w <= 1))
                    throw configuration_error("mixing_matrix: the weight W(" + std::to_string(i) + ", " +
                                              std::to_string(j) + ") is " + std::to_string(w) + ", not in [0, 1]");
                row += w;
                columns[j] += w;
                to.push_back(w);
            };
            add(own_, i);
            for (auto const j : graph_.neighbours(i)) add(weights_, j);
            require_one("row", i, row);
        }
        for (std::uint32_t j = 0; j < workers(); ++j) require_one("column", j, columns[j]);
    }

    std::uint32_t workers() const { return graph_.workers(); }
    topology const& graph() const { return graph_; }
    /// W_ii
    double own_weight(std::uint32_t i) const { return own_[i]; }
    /// W_ij for the neighbours j of i, in their order.
    std::span<double const> weights(std::uint32_t i) const {
        return std::span(weights_).subspan(begin_[i], graph_.neighbours(i).size());
    }
    /// Any entry.
    double operator()(std::uint32_t i, std::uint32_t j) const {
        if (i == j) return own_[i];
        auto const heard = graph_.neighbours(i);
        auto const at = std::ranges::lower_bound(heard, j);
        return at != heard.end() && *at == j ? weights(i)[static_cast<std::size_t>(at - heard.begin())] : 0;
    }
    /// Another one for another matrix, in all likelihood.
    std::uint32_t checksum() const {
        return wire::crc32c(std::as_bytes(std::span(own_)),
                            wire::crc32c(std::as_bytes(std::span(weights_)), graph_.checksum()));
    }

private:
    static void require_one(char const* what, std::uint32_t i, double sum) {
        if (std::abs(sum - 1) > 1e-9)
            throw configuration_error("mixing_matrix: " + std::string(what) + " " + std::to_string(i) + " adds up to " +
                                      std::to_string(sum) + ", so that the matrix is not doubly stochastic");
    }

    topology graph_;
    std::vector<std::size_t> begin_; // of each worker in weights_
    std::vector<double> own_, weights_;
};

/// W_ij = 1 / (1 + max(degree i, degree j)) for neighbours, and W_ii what is left to 1; symmetric (Metropolis weights).
/// Throws configuration_error for a directed graph.
inline mixing_matrix metropolis(topology const& graph) {
    if (graph.is_directed()) throw configuration_error("metropolis: these weights need an undirected graph");
    auto const between = [&graph](std::uint32_t i, std::uint32_t j) {
        return 1 / (1 + static_cast<double>(std::max(graph.neighbours(i).size(), graph.neighbours(j).size())));
    };
    return {graph, [&](std::uint32_t i, std::uint32_t j) {
                if (i != j) return between(i, j);
                double rest = 1;
                for (auto const k : graph.neighbours(i)) rest -= between(i, k);
                return std::max(rest, 0.0);
            }};
}

/// W_t = (I + shift by 2^t) / 2 for t = 0 .. ceil(log2 workers) - 1: in each round a worker hears one other. Their
/// product is the averaging matrix if there are 2^m workers. Doubly stochastic, but not symmetric.
inline std::vector<mixing_matrix> one_peer_exponential(std::uint32_t workers) {
    std::vector<mixing_matrix> rounds;
    for (std::uint64_t step = 1; step < workers; step *= 2)
        rounds.emplace_back(topology::shift(workers, static_cast<std::uint32_t>(step)),
                            [](std::uint32_t, std::uint32_t) { return 0.5; });
    if (rounds.empty()) rounds.push_back(metropolis(topology::ring(workers))); // nobody to hear
    return rounds;
}

/// Throws configuration_error, naming an entry, unless W is symmetric, but for rounding.
inline void require_symmetric(mixing_matrix const& w) {
    for (std::uint32_t i = 0; i < w.workers(); ++i) {
        auto const same = [&](std::uint32_t j) {
            if (std::abs(w(i, j) - w(j, i)) > 1e-9)
                throw configuration_error("mixing_matrix: W(" + std::to_string(i) + ", " + std::to_string(j) + ") is " +
                                          std::to_string(w(i, j)) + ", but W(" + std::to_string(j) + ", " +
                                          std::to_string(i) + ") is " + std::to_string(w(j, i)));
        };
        for (auto const j : w.graph().neighbours(i)) same(j);
    }
}

/// Throws configuration_error unless the matrices, taken in turns, are of the same workers and spread the word of each
/// to all: their graphs together are connected, counting edges of positive weight. (In a doubly stochastic matrix whom
/// words reach, from them words come back.)
inline void require_connected(std::span<mixing_matrix const> rounds) {
    if (rounds.empty()) throw configuration_error("mixing_matrix: there is none");
    auto const n = rounds.front().workers();
    std::vector<std::vector<std::uint32_t>> near(n);
    for (auto const& w : rounds) {
        require_workers(w.graph(), n);
        for (std::uint32_t i = 0; i < n; ++i)
            for (auto const j : w.graph().neighbours(i))
                if (w(i, j) > 0) near[i].push_back(j), near[j].push_back(i);
    }
    std::vector<bool> reached(n);
    std::vector<std::uint32_t> open;
    auto const reach = [&](std::uint32_t k) {
        if (reached[k]) return;
        reached[k] = true;
        open.push_back(k);
    };
    if (n != 0) reach(0);
    while (!open.empty()) {
        auto const k = open.back();
        open.pop_back();
        for (auto const j : near[k]) reach(j);
    }
    if (auto const alone = std::ranges::find(reached, false); alone != reached.end())
        throw configuration_error("mixing_matrix: the graph is not connected: no way from worker 0 to worker " +
                                  std::to_string(alone - reached.begin()));
}
inline void require_connected(mixing_matrix const& w) { require_connected(std::span(&w, 1)); }

} // namespace terse
