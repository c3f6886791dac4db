// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <terse/run/record.hpp>
#include <terse/run/schedule.hpp>
#include <terse/run/worker_change.hpp>

#include <lab/settings.hpp>
#include <lab/simulation.hpp>

namespace lab {

struct run_settings {
    method_settings method;
    std::string problem = "quadratic"; ///< or toy-2, toy-20, logistic, softmax, mlp
    std::string problem_file;
    data_settings data;
    std::optional<std::uint32_t> workers;
    std::optional<std::uint64_t> steps;
    std::optional<terse::schedule> lr;
    std::string lr_file;
    std::string scalar; ///< float or double; empty: double for quadratics, float on data
    std::uint64_t seed = 1;
    unsigned threads = 1;
    std::string iterates;
    std::string iterates_workers; ///< the models of all workers, of methods that have them
    bool corrected = false;       ///< write and judge corrected() instead of w() or the mean of the models
    std::string record;
    std::uint64_t record_every = 0; ///< 0: each round of a quadratic, each epoch on data
    bool health = false;
    clock_settings clock; ///< seconds are in the record if anything of it was chosen
    fault_settings faults;
    std::string checkpoint;
    std::uint64_t every = 0; ///< rounds between checkpoints; 0: at the start and at the end only
    bool resume = false;
    terse::worker_change changed_workers = terse::worker_change::refuse;
    bool quiet = false;
};

/// The subcommand `run`. Throws terse::error.
void run(run_settings const& s);

/// One learning rate per line; throws input_error for anything else, and for one that is not positive.
std::vector<double> read_learning_rates(std::string const& file);

} // namespace lab
