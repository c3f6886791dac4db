// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

/// Speed, measured with Google Benchmark, which a program that includes this must link (benchmark::benchmark). One line
/// measures a compressor, another makes the program:
///
///     TERSE_BENCHMARK_COMPRESSOR(my_compressor{.ratio = 0.01});
///     TERSE_BENCHMARK_MAIN();

#include <terse/testing/benchmark/compressor.hpp>
#include <terse/testing/benchmark/table.hpp>

/// Adds the benchmarks of `take` and `compress` of a compressor to the program. At namespace scope.
#define TERSE_BENCHMARK_COMPRESSOR(...)                                                                                \
    static ::terse::testing::benchmarks const TERSE_BENCHMARK_NAME(__LINE__)(                                          \
        [] { ::terse::testing::add_compressor(#__VA_ARGS__, __VA_ARGS__); })
#define TERSE_BENCHMARK_NAME(line) TERSE_BENCHMARK_JOIN(terse_benchmark_in_line_, line)
#define TERSE_BENCHMARK_JOIN(a, b) a##b

/// A main() that runs the benchmarks and prints the table.
#define TERSE_BENCHMARK_MAIN()                                                                                         \
    int main(int argc, char** argv) { return ::terse::testing::run_benchmarks(argc, argv); }                           \
    static_assert(true)
