// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstdio>
#include <cstring>

#include <benchmark/benchmark.h>

#include <registry.hpp>

// One line for each benchmark, and how its time compares to that of e += g over the same arrays.
class table : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(Context const&) override {
        std::printf("%-58s %12s %9s %9s %9s\n", "", "us", "GB/s", "x e += g", "selected");
        return true;
    }
    void ReportRuns(std::vector<Run> const& runs) override {
        for (auto const& run : runs) {
            if (run.error_occurred) {
                std::printf("%-58s %s\n", run.benchmark_name().c_str(), run.error_message.c_str());
                continue;
            }
            std::printf("%-58s %12.1f", run.benchmark_name().c_str(), counter(run, "us"));
            std::printf(" %9.1f %9.2f", counter(run, "GB/s"), counter(run, "x e += g"));
            if (auto const share = counter(run, "selected"); share > 0) std::printf(" %8.2f%%", 100 * share);
            std::printf("\n");
        }
        std::fflush(stdout);
    }

private:
    static double counter(Run const& run, char const* name) {
        auto const found = run.counters.find(name);
        return found == run.counters.end() ? 0 : static_cast<double>(found->second);
    }
};

// --full registers all sizes and distributions; all other options are those of Google Benchmark.
int main(int argc, char** argv) {
    bool full = false;
    int kept = 1;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--full") == 0)
            full = true;
        else
            argv[kept++] = argv[i];
    }
    argc = kept;
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    for (auto const& add : benchmarks::registry()) add(full);
    table reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
}
