// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <terse/cluster/spectral_gap.hpp>
#include <terse/data/edge_list.hpp>
#include <terse/terse.hpp>

#include <cmath>
#include <iostream>
#include <sstream>

int main() {
    // [matrix]
    auto const ring = terse::metropolis(terse::topology::ring(16));
    std::cout << "lambda_2 " << terse::eigenvalues(ring)[1] << ", spectral gap " << terse::spectral_gap(ring) << '\n';
    // [matrix]

    // [rounds]
    auto const rounds = terse::one_peer_exponential(16); // W_0 .. W_3, taken in turns
    terse::require_connected(rounds);
    std::cout << "a worker hears " << rounds[2].graph().neighbours(0).size() << " other a round\n";
    // [rounds]

    std::istringstream file("0 1\n1 2\n2 0 # a triangle\n");
    auto const triangle = terse::read_topology(file, "edges.txt", 3);

    // [own]
    terse::mixing_matrix const lazy(triangle, [](auto i, auto j) { return i == j ? 0.8 : 0.1; });
    terse::require_symmetric(lazy);
    // [own]
    bool const fine = std::abs(terse::eigenvalues(ring)[1] - 0.949253) < 1e-6 && terse::spectral_gap(rounds) == 1 &&
                      std::abs(terse::spectral_gap(lazy) - 0.3) < 1e-12;
    return fine ? 0 : 1;
}
