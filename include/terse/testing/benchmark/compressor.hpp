// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include <terse/compressor/take.hpp>
#include <terse/testing/benchmark/measure.hpp>

namespace terse::testing {

/// Counters of a message of d coordinates: the share that it carries, and its bytes over those of a dense vector's.
template <class T, class M>
void report_message(benchmark::State& state, M const& message, view<cpu, T> scribble) {
    using benchmark::Counter;
    auto const d = static_cast<double>(scribble.size());
    cpu::fill(scribble, T(1));
    message.clear_in(scribble);
    auto const cleared = std::count(scribble.begin(), scribble.end(), T(0));
    state.counters["selected"] = Counter(static_cast<double>(cleared) / d, Counter::kAvgThreads);
    state.counters["sent"] = Counter(static_cast<double>(message.bytes()) / (d * sizeof(T)), Counter::kAvgThreads);
}

/// The benchmark of what `verb(e, g, out, at)` does with a compressor's message, reading so many vectors.
template <class T, class C, class F>
void add_verb(benchmark_row row, char const* name, double vectors_read, F verb) {
    row.name += name;
    row.scalar = sizeof(T) == 8 ? "double" : "float";
    add_benchmark(row, [vectors_read, verb](benchmark::State& state, benchmark_row const& what) {
        auto& x = vectors_of<T>(what.d, what.input);
        scratch<cpu> temporary;
        context<cpu> at;
        at.temporary = &temporary;
        message_of<C, cpu, T> out;
        auto const bytes = vectors_read * sizeof(T) * static_cast<double>(what.d);
        against_addition<T>(state, what, x, bytes, [&](view<cpu, T> e, view<cpu, T const> g) {
            verb(e, g, out, at);
            ++at.round;
        });
        report_message<T>(state, out, x.e());
    });
}

/// The benchmark of `take`.
template <class T, class C>
void add_take(benchmark_row row, C const& compressor) {
    add_verb<T, C>(row, " take", 2, [compressor](view<cpu, T> e, view<cpu, T const> g, auto& out, auto const& at) {
        take<cpu, T>(compressor, T(1), g, T(1), e, out, at);
    });
}

/// The benchmark of `compress`.
template <class T, class C>
void add_compress(benchmark_row row, C const& compressor) {
    add_verb<T, C>(row, " compress", 1, [compressor](view<cpu, T> e, view<cpu, T const>, auto& out, auto const& at) {
        compressor.compress(view<cpu, T const>(e), out, at);
    });
}

/// Both, in the usual sizes; in a full run also with double, on two threads, and with the other inputs. Sizes that
/// validate() refuses are left out.
template <class C>
void add_compressor(std::string const& name, C const& compressor, double density = 0) {
    auto const fits = [&](std::size_t d) {
        try {
            validate(compressor, d);
        } catch (error const&) {
            return false;
        }
        return true;
    };
    for (auto const d : options().sizes({100'000, 25'000'000})) {
        if (!fits(d)) continue;
        add_take<float>({name, d, density}, compressor);
        if (d != 100'000 || options().full()) add_compress<float>({name, d, density}, compressor);
        if (!options().full()) continue;
        add_take<double>({name, d, density}, compressor);
        add_compress<double>({name, d, density}, compressor);
        if (d >= 1'000'000) add_take<float>({name + ", 2 at once", d, density, "normal", "float", 2}, compressor);
    }
    if (options().full() && fits(1'000'000))
        for (auto const* const input : distributions)
            if (std::string(input) != "normal") add_take<float>({name, 1'000'000, density, input}, compressor);
}

} // namespace terse::testing
