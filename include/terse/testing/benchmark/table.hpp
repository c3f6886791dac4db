// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <terse/testing/benchmark/registry.hpp>

namespace terse::testing {

/// Prints one line for each benchmark.
class benchmark_table : public benchmark::BenchmarkReporter {
public:
    bool failed() const { return failed_; }

    bool ReportContext(Context const&) override {
        std::printf("%-43s %6s %6s %-11s %10s %7s %8s %8s %9s\n", "", "d", "k/d", "input", "time", "GB/s", "x e+=g",
                    "x triad", "selected");
        return true;
    }

    void ReportRuns(std::vector<Run> const& runs) override {
        for (auto const& run : runs) {
            bool const repeated = run.run_type == Run::RT_Aggregate;
            if (repeated && run.aggregate_name != "median") continue;
            auto const found = benchmark_rows().find(run.run_name.function_name);
            auto const row =
                found == benchmark_rows().end() ? benchmark_row{run.benchmark_name(), 0, 0, ""} : found->second;
            auto const name = row.name + (row.scalar == "double" ? ", double" : "") + (repeated ? ", median" : "");
            std::printf("%-43s %6s %6s %-11s ", name.c_str(), row.d == 0 ? "" : row.d_text().c_str(),
                        row.density_text().c_str(), row.input.c_str());
            if (run.error_occurred) {
                std::printf("%s\n", run.error_message.c_str());
                failed_ = true;
                continue;
            }
            auto const us = counter(run, "us");
            std::printf("%10s %7.1f %8s %8s", time(us > 0 ? us : wall_us(run)).c_str(),
                        1e-9 * counter(run, "bytes_per_second"), number(counter(run, "of_addition")).c_str(),
                        number(counter(run, "of_triad")).c_str());
            auto const share = counter(run, "selected");
            if (share > 0) std::printf(" %8.4g%%", 100 * share);
            if (!run.report_label.empty())
                std::printf("%s  %s", share > 0 ? "" : "          ", run.report_label.c_str());
            std::printf("\n");
        }
        std::fflush(stdout);
    }

private:
    static double counter(Run const& run, char const* name) {
        auto const found = run.counters.find(name);
        return found == run.counters.end() ? 0 : static_cast<double>(found->second);
    }
    static double wall_us(Run const& run) { // of benchmarks that are not ours
        return 1e6 * run.real_accumulated_time / static_cast<double>(std::max<std::int64_t>(run.iterations, 1));
    }
    static std::string number(double x) {
        char text[32] = "";
        if (x > 0) std::snprintf(text, sizeof text, x < 9.995 ? "%.2f" : x < 99.95 ? "%.1f" : "%.0f", x);
        return text;
    }
    static std::string time(double us) {
        return us < 1     ? number(1e3 * us) + " ns"
               : us < 1e3 ? number(us) + " us"
               : us < 1e6 ? number(us / 1e3) + " ms"
                          : number(us / 1e6) + " s";
    }

    bool failed_ = false;
};

/// Runs the benchmarks of this program; returns what main() returns. Options, besides Google Benchmark's: --full,
/// --smoke, --instructions (see benchmark_options).
inline int run_benchmarks(int argc, char** argv) {
    using extent = benchmark_options::extent;
    int kept = 1;
    for (int i = 1; i < argc; ++i) {
        std::string const option = argv[i];
        if (option == "--full")
            options().how = extent::full;
        else if (option == "--smoke")
            options().how = extent::smoke;
        else if (option == "--instructions")
            options().instructions = true;
        else
            argv[kept++] = argv[i];
    }
    benchmark::Initialize(&kept, argv);
    if (benchmark::ReportUnrecognizedArguments(kept, argv)) return 1;
    for (auto const& add : benchmarks::all()) add();
    benchmark_table table;
    if (benchmark::RunSpecifiedBenchmarks(&table) == 0) return 1;
    benchmark::Shutdown();
    return table.failed() ? 1 : 0;
}

} // namespace terse::testing
