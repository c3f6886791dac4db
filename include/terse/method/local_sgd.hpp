// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/loop/drifting.hpp>
#include <terse/mixing/complete_average.hpp>
#include <terse/step/plain_step.hpp>

namespace terse {

struct local_sgd_options {
    std::uint64_t period = 8; ///< local steps between two averages
};

/// Local SGD: every worker takes plain steps, and every `period` steps all go on from the mean of the models.
constexpr auto local_sgd(local_sgd_options o = {}) {
    return drifting(plain_step{}, complete_average{.period = o.period});
}

} // namespace terse
