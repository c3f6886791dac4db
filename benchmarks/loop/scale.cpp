// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <terse/terse.hpp>
#include <terse/testing/benchmark.hpp>

#include "gradient.hpp"

namespace {

using namespace terse::testing;
using terse::cpu;
using terse::view;

// of this process, in GiB; 0 where the system does not say
double resident_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / (1024 * 1024);
    return 0;
}

// Whole rounds of gmc with so many workers on two threads, their gradients (a copy) included.
void measure_workers(benchmark::State& state, benchmark_row const& row, std::uint32_t workers) {
    forget_vectors();
    terse::buffer<cpu, float> numbers(row.d), sum, w;
    fill_with<float>(numbers, row.input, 1);
    sum.assign(row.d, 0.0F);
    w.assign(row.d, 0.0F);
    auto run = terse::train(terse::gmc({.ratio = row.density}), terse::simulated{.workers = workers, .threads = 2},
                            view<cpu, float>(w));
    std::vector<double> rounds, of_addition;
    for (auto _ : state) {
        (void)_;
        for (int turn = -2; turn < (options().smoke() ? 1 : 9); ++turn) {
            auto const begin = wall_time();
            run.step(0.1, [&](terse::worker_context at, view<cpu, float const>, view<cpu, float> g) {
                write_gradient(numbers, at.round, at.worker, g);
            });
            auto const done = wall_time();
            for (std::uint32_t k = 0; k < workers; ++k) cpu::axpy(1.0F, numbers, view<cpu, float>(sum));
            auto const added = wall_time() - done;
            if (turn < 0) continue;
            rounds.push_back(done - begin);
            of_addition.push_back(rounds.back() / added);
        }
    }
    report(state, {median(rounds), median(of_addition), 0}, 8.0 * static_cast<double>(row.d) * workers);
    state.counters["GiB"] = resident_memory();
    char text[96];
    std::snprintf(text, sizeof text, "%.2f ms a worker, %.2f GiB", 1e3 * median(rounds) / workers, resident_memory());
    state.SetLabel(text);
}

void add_workers(std::uint32_t workers, std::size_t d, double density) {
    add_benchmark(
        {"gmc, " + std::to_string(workers) + " workers, 2 threads", d, density},
        [workers](benchmark::State& state, benchmark_row const& row) { measure_workers(state, row, workers); });
}

benchmarks const scale([] {
    if (options().smoke()) add_workers(3, 1000, 0.01);
    if (options().full())
        for (auto const workers : {10U, 100U, 1000U}) add_workers(workers, 1'000'000, 0.001);
});

} // namespace
