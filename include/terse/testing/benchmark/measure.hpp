// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <terse/testing/benchmark/registry.hpp>
#include <terse/testing/benchmark/vectors.hpp>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif

namespace terse::testing {

inline double wall_time() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
/// Processor time of this thread: what other programs on the machine disturb least, but slow to ask for.
inline double processor_time() {
    std::timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline double median(std::vector<double> v) {
    auto const middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return *middle;
}

/// What is reported: medians over the turns.
struct measurement {
    double seconds = 0;
    double of_addition = 0; ///< time / time of e += g in the same turn
    double of_triad = 0;    ///< time / time of sum = e + s g
};

inline void report(benchmark::State& state, measurement const& m, double input_bytes) {
    using benchmark::Counter;
    state.SetIterationTime(m.seconds);
    state.counters["us"] = Counter(1e6 * m.seconds, Counter::kAvgThreads);
    state.counters["bytes_per_second"] = input_bytes / m.seconds;
    state.counters["of_addition"] = Counter(m.of_addition, Counter::kAvgThreads);
    state.counters["of_triad"] = Counter(m.of_triad, Counter::kAvgThreads);
}

/// With --instructions: work() once, warm, between two requests to callgrind.
template <class Prepare, class Work>
void count_instructions([[maybe_unused]] std::string const& name, Prepare prepare, Work work) {
    work();
    prepare();
#if defined(CALLGRIND_ZERO_STATS)
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    work();
    CALLGRIND_DUMP_STATS_AT(name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
#endif
}

/// Times work(e, g) in turn with e += g and the triad on the same vectors; e is restored before each. input_bytes: what
/// one piece of work reads. Where `wall` is set, work has threads of its own.
template <class T, class Work>
void against_addition(benchmark::State& state, benchmark_row const& row, vectors<T>& x, double input_bytes, Work work,
                      bool wall = false) {
    if (options().instructions) {
        count_instructions(
            row.text(), [&] { x.restore(); }, [&] { work(x.e(), x.g()); });
        for (auto _ : state) (void)_;
        return report(state, {1, 0, 0}, input_bytes);
    }
    // A short piece of work is rarely interrupted, and the median does not see when it is.
    auto const now = x.d() < 1'000'000 || wall ? wall_time : processor_time;
    auto const time = [&](auto f) {
        x.restore();
        auto const begin = now();
        for (std::size_t i = 0; i < x.copies(); ++i) f(i);
        auto const end = now();
        benchmark::ClobberMemory();
        return (end - begin) / static_cast<double>(x.copies());
    };
    std::vector<double> times, of_addition, of_triad;
    auto const turn = [&] {
        auto const added = time([&](std::size_t i) { cpu::axpy(T(1), x.g(i), x.e(i)); });
        auto const triad = time([&](std::size_t i) { cpu::combine(x.e(i), T(0.5), x.g(i), x.sum(i)); });
        times.push_back(time([&](std::size_t i) { work(x.e(i), x.g(i)); }));
        of_addition.push_back(times.back() / added);
        of_triad.push_back(times.back() / triad);
    };
    turn(); // warms up
    times.clear(), of_addition.clear(), of_triad.clear();
    for (auto _ : state) {
        (void)_;
        std::size_t const least = options().smoke() ? 1 : 5;
        for (auto const begin = wall_time(); times.size() < least || wall_time() - begin < options().seconds();) turn();
    }
    report(state, {median(times), median(of_addition), median(of_triad)}, input_bytes);
}

} // namespace terse::testing
