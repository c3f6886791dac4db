// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

namespace terse {

/// A rows x cols matrix in memory row by row, with factors of some rank: each lies column by column.
struct matrix_shape {
    std::size_t rows;
    std::size_t cols;
    std::size_t rank;
};

} // namespace terse
