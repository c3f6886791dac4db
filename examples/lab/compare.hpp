// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <lab/settings.hpp>
#include <lab/simulation.hpp>

namespace lab {

struct compare_settings {
    std::vector<std::string> problems{"a9a", "cifar-softmax", "cifar-mlp"};
    std::vector<std::string> partitions{"iid", "dirichlet"};
    std::vector<std::string> methods{"dmsgd", "dgc", "dgc_mfm", "def_a", "gmc"};
    std::string data_dir = TERSE_DATA_DIR;
    std::string folder = "out/compare";
    method_settings method; ///< its name is not used
    std::optional<double> ratio;
    std::vector<double> rates; ///< learning rates to choose from; empty: the problem's
    std::optional<double> epochs;
    std::optional<std::size_t> batch;
    std::uint32_t workers = 8;
    double alpha = 0.1;
    std::uint64_t seed = 1;
    unsigned threads = 0; ///< 0: as many as the machine has
    clock_settings clock;
    bool figures = true;
};

/// The subcommand `compare`. Throws terse::error.
void compare(compare_settings const& s);

} // namespace lab
