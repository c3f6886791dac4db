// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

namespace terse {

/// What to do about a NaN or an infinity in a gradient.
enum class non_finite {
    error,      ///< throw non_finite_error; nothing has changed
    skip_round, ///< the round counts, but nothing else changes
    propagate   ///< do not look
};

struct train_options {
    std::uint64_t seed = 0;
    non_finite on_non_finite = non_finite::error;
};

} // namespace terse
