// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <terse/cluster/mixing_matrix.hpp>

namespace lab {

/// The names that --topology takes, besides those of files.
std::vector<std::string> topology_names();

/// The mixing matrices of a topology of so many workers, which take turns: Metropolis weights, but for one_peer. What
/// is no name is a file of edges. Throws configuration_error for a name that is neither, and for a number of workers
/// that the topology cannot have; input_error for what is wrong with the file, a graph that falls apart included.
std::vector<terse::mixing_matrix> mixing_matrices(std::string const& topology, std::uint32_t workers);

/// terse::spectral_gap, of up to 1024 workers; nothing for more, because it takes eigenvalues of dense matrices.
std::optional<double> spectral_gap(std::span<terse::mixing_matrix const> rounds);

} // namespace lab
