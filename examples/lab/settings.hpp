// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <terse/mixing/buffer_strategy.hpp>
#include <terse/momentum/momentum_lr.hpp>
#include <terse/run/schedule.hpp>
#include <terse/wire/precision.hpp>

namespace lab {

/// What the program ends with.
enum exit_code : int { success = 0, failure = 1, bad_usage = 2, numerical = 3, corrupt_input = 4 };

/// Which compressor; its name is empty for the method's own.
struct compressor_settings {
    std::string name;
    terse::schedule ratio = 0.01;
    std::size_t k = 0;                     ///< 0: by ratio
    std::optional<terse::schedule> ratio1; ///< of the second compressor of cser
    std::size_t k1 = 0;
    terse::schedule at_least = 1e-3;
    double sample = 0.01;
    bool dgc_sampling = false;
    bool own_support = false;
    bool unbiased = false;
    bool grid = false;
    unsigned bits = 8; ///< of qsgd
    std::size_t bucket = 512;
    bool largest = false;             ///< the norm: of qsgd and dynamic_quantizer
    bool elias = false;               ///< how levels travel
    double clip = 0;                  ///< of terngrad
    bool mean_scale = false;          ///< of shared_terngrad
    double constant = 100;            ///< of dynamic_quantizer
    std::optional<std::size_t> block; ///< on blocks of this size
    bool per_layer = false;
    std::size_t dense_below = 0;
    terse::wire::precision values = terse::wire::precision::full; ///< on the wire
};

/// Which method. What is not set here is as the library has it.
struct method_settings {
    std::string name = "gmc";
    compressor_settings compressor;
    std::optional<terse::schedule> beta;
    std::optional<terse::schedule> lambda;
    std::optional<terse::momentum_lr> momentum_lr;
    std::optional<std::uint64_t> period;
    std::optional<terse::schedule> inner_lr;
    std::optional<double> strong_convexity;
    std::optional<double> weight;
    std::optional<terse::schedule> outer_beta;
    std::optional<terse::schedule> alpha;
    std::optional<terse::schedule> pull;
    std::optional<double> zeta;
    std::optional<terse::buffer_strategy> buffers;
    bool block_averaging = false;        ///< of cser
    std::optional<std::string> topology; ///< a name or a file of edges, see topology.hpp
    std::optional<std::size_t> rank;
    std::optional<std::size_t> rows, columns; ///< of a sketch
    std::optional<std::size_t> candidates;
    double weight_decay = 0;
    double clip_norm = 0;
};

/// Which data, how it is dealt to the workers, and what is fitted to it.
struct data_settings {
    std::string problem = "logistic"; ///< logistic, softmax, mlp
    std::string file;
    std::string test_file;
    std::uint32_t workers = 8;
    std::size_t batch = 32; ///< rows per worker and round, on average
    std::string partition = "iid";
    double alpha = 0.1;
    double l2 = 0;
    std::vector<std::size_t> hidden{64};
    std::uint64_t seed = 1;
};

} // namespace lab
