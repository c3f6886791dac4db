// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

namespace terse::testing {

/// What the command line asks for, besides Google Benchmark's own options.
struct benchmark_options {
    enum class extent {
        smoke, ///< everything once, with tiny vectors: whether it runs at all
        brief, ///< what fits into a few minutes
        full
    };
    extent how = extent::brief;
    bool instructions = false; ///< each piece of work once, for callgrind to count

    bool full() const { return how == extent::full; }
    bool smoke() const { return how == extent::smoke; }
    /// How long one benchmark measures.
    double seconds() const { return smoke() ? 0 : full() ? 1 : 0.4; }
    /// Dimensions: those for a short run, or those for a full one.
    std::vector<std::size_t> sizes(std::vector<std::size_t> brief, std::vector<std::size_t> all) const {
        if (smoke()) return {1000};
        if (instructions) return {1'000'000};
        return full() ? all : brief;
    }
    std::vector<std::size_t> sizes(std::vector<std::size_t> brief) const {
        return sizes(std::move(brief), {1'000, 10'000, 100'000, 1'000'000, 10'000'000, 25'000'000, 100'000'000});
    }
};

inline benchmark_options& options() {
    static benchmark_options chosen;
    return chosen;
}

/// What a line of the table says besides numbers.
struct benchmark_row {
    std::string name;
    std::size_t d = 0;
    double density = 0; ///< k/d, or 0
    std::string input = "normal";
    std::string scalar = "float";
    int threads = 1; ///< that do the same at the same time, each with vectors of its own

    std::string density_text() const {
        if (density <= 0) return "";
        std::ostringstream text;
        text << 100 * density << "%";
        return text.str();
    }
    /// 25e6 for 25'000'000
    std::string d_text() const {
        auto m = d;
        int zeros = 0;
        for (; m != 0 && m % 10 == 0; m /= 10) ++zeros;
        return zeros < 3 ? std::to_string(d) : std::to_string(m) + "e" + std::to_string(zeros);
    }
    /// What --benchmark_filter sees.
    std::string text() const {
        return name + "/" + scalar + "/" + input + "/d=" + d_text() + (density > 0 ? "/k=" + density_text() : "");
    }
};

inline std::map<std::string, benchmark_row>& benchmark_rows() {
    static std::map<std::string, benchmark_row> all;
    return all;
}

/// Adds a benchmark: f(state, row).
template <class F>
void add_benchmark(benchmark_row const& row, F f) {
    benchmark_rows()[row.text()] = row;
    auto* const b =
        benchmark::RegisterBenchmark(row.text().c_str(), [row, f](benchmark::State& state) { f(state, row); });
    b->UseManualTime()->Iterations(1)->Unit(benchmark::kMicrosecond);
    if (row.threads > 1) b->Threads(row.threads);
}

/// `static benchmarks const some([] { add_benchmark(..); });` in a source adds its benchmarks once options() is known.
struct benchmarks {
    explicit benchmarks(std::function<void()> add) { all().push_back(std::move(add)); }
    static std::vector<std::function<void()>>& all() {
        static std::vector<std::function<void()>> functions;
        return functions;
    }
};

} // namespace terse::testing
