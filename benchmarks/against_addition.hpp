// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <vector>

#include <benchmark/benchmark.h>

#include <terse/backend/cpu.hpp>

namespace benchmarks {

/// Processor time of this thread, in seconds: other programs on the machine disturb it less than the time of day.
inline double now() {
    std::timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline double median(std::vector<double> v) {
    auto const middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return *middle;
}

/// Times work() in turn with e += g on arrays of its own, many times, each after prepare(), which is not timed; small
/// work is repeated within a turn. Counters: medians of the time in microseconds, and of the ratio to e += g of the
/// same turn; bytes of e, g and e again per second.
template <class T, class Prepare, class Work>
void against_addition(benchmark::State& state, terse::view<terse::cpu, T> e, terse::view<terse::cpu, T const> g,
                      Prepare prepare, Work work) {
    auto const d = e.size();
    auto const turns = std::max<std::size_t>(1, 1'000'000 / std::max<std::size_t>(d, 1));
    std::vector<double> times;
    std::vector<double> ratios;
    auto const run = [&] {
        double added = 0;
        double worked = 0;
        for (std::size_t i = 0; i < turns; ++i) {
            prepare();
            auto t = now();
            terse::cpu::axpy(T(1), g, e);
            added += now() - t;
            prepare();
            t = now();
            work();
            worked += now() - t;
            benchmark::ClobberMemory();
        }
        times.push_back(worked / static_cast<double>(turns));
        ratios.push_back(worked / added);
        return worked;
    };
    run(); // warms up
    times.clear();
    ratios.clear();
    for (auto _ : state) {
        (void)_;
        state.SetIterationTime(run());
    }
    state.counters["us"] = 1e6 * median(times);
    state.counters["x e += g"] = median(ratios);
    state.counters["GB/s"] = 3e-9 * sizeof(T) * static_cast<double>(d) / median(times);
}

} // namespace benchmarks
