// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

namespace terse {

/// How many entries a selection may have.
struct entry_range {
    std::size_t least;
    std::size_t most;

    bool contains(std::size_t n) const { return least <= n && n <= most; }
};

/// What came of a selection.
struct selection_outcome {
    bool taken;  ///< whether the entries were as many as allowed
    bool finite; ///< whether the vector is known to have been finite
};

} // namespace terse
