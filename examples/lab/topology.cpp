// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/topology.hpp>

#include <filesystem>

#include <terse/cluster/spectral_gap.hpp>
#include <terse/cluster/topology.hpp>
#include <terse/data/edge_list.hpp>
#include <terse/error.hpp>

namespace lab {

namespace {

// The rows of the torus that is nearest to a square; a prime number of workers is a ring.
std::uint32_t torus_rows(std::uint32_t workers) {
    std::uint32_t rows = 1;
    for (std::uint32_t r = 2; std::uint64_t{r} * r <= workers; ++r)
        if (workers % r == 0) rows = r;
    return rows;
}

std::vector<terse::mixing_matrix> of_file(std::filesystem::path const& file, std::uint32_t workers) {
    std::vector matrices{terse::metropolis(terse::read_topology(file, workers))};
    try {
        terse::require_connected(matrices);
    } catch (terse::configuration_error const& e) {
        throw terse::input_error(file.string(), 0, 0, e.what());
    }
    return matrices;
}

} // namespace

std::vector<std::string> topology_names() {
    return {"ring", "torus", "hypercube", "exponential", "one_peer", "complete", "star"};
}

std::vector<terse::mixing_matrix> mixing_matrices(std::string const& topology, std::uint32_t workers) {
    auto const with = [](terse::topology const& graph) { return std::vector{terse::metropolis(graph)}; };
    if (topology == "ring") return with(terse::topology::ring(workers));
    if (topology == "torus") {
        auto const rows = torus_rows(workers);
        return with(terse::topology::torus(rows, workers / rows));
    }
    if (topology == "hypercube") return with(terse::topology::hypercube(workers));
    if (topology == "exponential") return with(terse::topology::exponential(workers));
    if (topology == "one_peer") return terse::one_peer_exponential(workers);
    if (topology == "complete") return with(terse::topology::complete(workers));
    if (topology == "star") return with(terse::topology::star(workers));
    if (std::filesystem::is_regular_file(topology)) return of_file(topology, workers);
    std::string names;
    for (auto const& name : topology_names()) names += " " + name;
    throw terse::configuration_error("--topology: \"" + topology + "\" is neither a file nor one of" + names);
}

std::optional<double> spectral_gap(std::span<terse::mixing_matrix const> rounds) {
    if (rounds.front().workers() > 1024) return std::nullopt;
    return terse::spectral_gap(rounds);
}

} // namespace lab
