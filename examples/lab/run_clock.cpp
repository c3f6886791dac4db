// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/run_clock.hpp>

#include <utility>

#include <lab/methods.hpp>
#include <lab/topology.hpp>

namespace lab {

namespace {

std::vector<terse::topology> graphs_of(method_settings const& method, std::uint32_t workers) {
    std::vector<terse::topology> graphs;
    auto const topology = topology_of(method);
    if (!topology) return graphs;
    auto const matrices = mixing_matrices(*topology, workers);
    graphs.reserve(matrices.size());
    for (auto const& w : matrices) graphs.push_back(w.graph());
    return graphs;
}

terse::network on(std::vector<terse::topology> const& graphs, terse::network net) {
    if (graphs.empty()) return net;
    net.how = terse::network::pattern::neighbours;
    net.graph = graphs.front();
    return net;
}

} // namespace

run_clock::run_clock(terse::network net, terse::compute_time compute, method_settings const& method,
                     std::uint32_t workers, std::uint64_t seed)
    : graphs_(graphs_of(method, workers)), clock_(on(graphs_, std::move(net)), std::move(compute), workers, seed),
      sent_(workers) {}

terse::round_seconds const& run_clock::advance(round_report const& r) {
    if (r.moved.total() == 0 && r.attendances.empty()) return clock_.advance_apart(r.round, r.gradients);
    auto const workers = sent_.size();
    if (!graphs_.empty()) {
        auto const& graph = graphs_[r.round % graphs_.size()];
        if (graphs_.size() > 1) clock_.set_graph(graph);
        auto const each = r.moved.up / (graph.is_directed() ? graph.edges() : 2 * graph.edges());
        sent_.assign(workers, each);
        return clock_.advance(r.round, sent_, {each * workers, 0}, {}, r.gradients);
    }
    if (r.sent.empty()) sent_.assign(workers, r.moved.up / workers);
    return clock_.advance(r.round, r.sent.empty() ? sent_ : r.sent, r.moved, r.attendances, r.gradients);
}

} // namespace lab
