// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <string>
#include <vector>

namespace lab {

struct toy_settings {
    std::string folder = "out/toy";
    bool figures = true;
};

/// The subcommand `toy`. False if one of the published claims is not seen. Throws terse::error.
bool toy(toy_settings const& s);

inline constexpr std::array toy_methods{"dmsgd", "dgc_mfm", "dgc", "gmc", "gmc_server"};
inline constexpr double toy_lr = 0.005;

/// The distance to the optimum at t = 0 .. steps, on the small case (one of two coordinates is sent); infinite from
/// where the run diverged on.
std::vector<double> small_case(std::string const& method, std::size_t steps);

/// The same on the larger case with d coordinates, of which k are sent.
std::vector<double> larger_case(std::string const& method, std::size_t d, std::size_t k, double beta,
                                std::size_t steps);

/// The mean of distances[first ..].
double tail_mean(std::vector<double> const& distances, std::size_t first);

} // namespace lab
