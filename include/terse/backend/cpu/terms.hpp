// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>

namespace terse {

/// What the sums in the fixed order add up.
struct magnitudes {
    static double of(double x) { return std::fabs(x); }
};
struct squares {
    static double of(double x) { return x * x; }
};
struct plain_numbers {
    static double of(double x) { return x; }
};

} // namespace terse
