// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/cluster/simulated.hpp>

namespace terse {

/// One worker, no communication.
struct solo {
    simulated_session attach() const { return simulated{}.attach(); }
};

} // namespace terse
