// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// [main]
#include <terse/testing/benchmark.hpp>

TERSE_BENCHMARK_MAIN();
// [main]
