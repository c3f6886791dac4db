// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace terse {

/// The root of every exception that terse throws.
struct error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// An option outside its range, or options that contradict each other. Thrown before anything is allocated.
struct configuration_error : error {
    using error::error;
};

/// Sizes that do not fit together, such as a gradient or a layout of another dimension than the model.
struct dimension_error : error {
    using error::error;
};

/// A NaN or an infinity in a worker's gradient, or in its sum with the residual. The state is as it was before the
/// step.
struct non_finite_error : error {
    std::uint32_t worker;
    std::uint64_t round;
    std::uint64_t coordinate;

    non_finite_error(std::uint32_t at_worker, std::uint64_t at_round, std::uint64_t at_coordinate)
        : error("worker " + std::to_string(at_worker) + ", round " + std::to_string(at_round) +
                ": the gradient, or its sum with the residual, is NaN or infinite at coordinate " +
                std::to_string(at_coordinate) +
                "; nothing was changed - lower the learning rate, clip, or look at that worker's data"),
          worker(at_worker), round(at_round), coordinate(at_coordinate) {}
};

/// What a compressor that talks adds up over the workers is NaN, or too large for the scalar type. The model is as it
/// was before the step, and so is all else, but for momentum of the workers' own, with which the run is over.
struct overflow_error : error {
    using error::error;
};

/// Malformed input: names the file, and the line and the column (both from 1; 0 where they mean nothing).
struct input_error : error {
    std::string file;
    std::uint64_t line;
    std::uint64_t column;

    input_error(std::string const& in_file, std::uint64_t at_line, std::uint64_t at_column, std::string const& what)
        : error(in_file + ":" + std::to_string(at_line) + ":" + std::to_string(at_column) + ": " + what), file(in_file),
          line(at_line), column(at_column) {}
};

} // namespace terse
