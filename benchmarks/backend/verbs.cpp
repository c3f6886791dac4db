// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <string>

#include <terse/compressor/random_support.hpp>
#include <terse/testing/benchmark.hpp>

namespace {

using namespace terse::testing;
using terse::cpu;
using terse::index_t;
using terse::view;

// work(e, g), which reads this many bytes for each coordinate.
template <class T, class Work>
void add(std::string const& name, std::size_t d, double bytes, Work work) {
    add_benchmark({"cpu::" + name, d, 0, "normal", sizeof(T) == 8 ? "double" : "float"},
                  [bytes, work](benchmark::State& state, benchmark_row const& row) {
                      auto& x = vectors_of<T>(row.d, row.input);
                      against_addition<T>(state, row, x, bytes * static_cast<double>(row.d), work);
                  });
}

template <class T>
void add_element_wise(std::size_t d) {
    constexpr double s = sizeof(T);
    using in = view<cpu, T const>;
    using out = view<cpu, T>;
    add<T>("axpy", d, 2 * s, [](out e, in g) { cpu::axpy(T(0.5), g, e); });
    add<T>("axpby", d, 2 * s, [](out e, in g) { cpu::axpby(T(0.5), g, T(0.9), e); });
    add<T>("scale", d, s, [](out e, in) { cpu::scale(T(0.5), e); });
    add<T>("copy", d, s, [](out e, in g) { cpu::copy(g, e); });
    add<T>("fill", d, s, [](out e, in) { cpu::fill(e, T(0)); });
}

template <class T>
void add_reductions(std::size_t d) {
    constexpr double s = sizeof(T);
    using in = view<cpu, T const>;
    using out = view<cpu, T>;
    add<T>("sum_of_squares", d, s, [](out, in g) { benchmark::DoNotOptimize(cpu::sum_of_squares(g)); });
    add<T>("sum_of_magnitudes", d, s, [](out, in g) { benchmark::DoNotOptimize(cpu::sum_of_magnitudes(g)); });
    add<T>("first_non_finite", d, s, [](out, in g) { benchmark::DoNotOptimize(cpu::first_non_finite(g)); });
    add<T>("count_at_least", d, s, [](out, in g) { benchmark::DoNotOptimize(cpu::count_at_least(g, T(2))); });
    add<T>("nth_magnitude 1%", d, s, [](out, in g) {
        terse::scratch<cpu> temporary;
        benchmark::DoNotOptimize(cpu::nth_magnitude(g, g.size() / 100 + 1, temporary));
    });
}

// Signs of g in words, and e += a signs.
template <class T>
void add_signs(std::size_t d) {
    add_benchmark({"cpu::pack_signs", d, 0, "normal", sizeof(T) == 8 ? "double" : "float"},
                  [](benchmark::State& state, benchmark_row const& row) {
                      auto& x = vectors_of<T>(row.d, row.input);
                      terse::buffer<cpu, std::uint64_t> words((row.d + 63) / 64);
                      auto const bytes = sizeof(T) * static_cast<double>(row.d);
                      against_addition<T>(state, row, x, bytes, [&](view<cpu, T>, view<cpu, T const> g) {
                          cpu::pack_signs(g, view<cpu, std::uint64_t>(words));
                      });
                  });
    add_benchmark({"cpu::add_signs", d, 0, "normal", sizeof(T) == 8 ? "double" : "float"},
                  [](benchmark::State& state, benchmark_row const& row) {
                      auto& x = vectors_of<T>(row.d, row.input);
                      terse::buffer<cpu, std::uint64_t> words((row.d + 63) / 64);
                      cpu::pack_signs(x.g(), view<cpu, std::uint64_t>(words));
                      auto const bytes = (sizeof(T) + 0.125) * static_cast<double>(row.d);
                      against_addition<T>(state, row, x, bytes, [&](view<cpu, T> e, view<cpu, T const>) {
                          cpu::add_signs(T(0.5), words, e);
                      });
                  });
}

// Random places of e, ascending.
template <class T>
void add_sparse(std::size_t d, double density) {
    auto const with_places = [](auto work) {
        return [work](benchmark::State& state, benchmark_row const& row) {
            auto& x = vectors_of<T>(row.d, row.input);
            terse::scratch<cpu> temporary;
            auto const k = static_cast<std::size_t>(row.density * static_cast<double>(row.d)) + 1;
            terse::buffer<cpu, index_t> places(k);
            terse::buffer<cpu, T> values(k);
            cpu::fill(view<cpu, T>(values), T(1));
            terse::random_support(terse::random_stream(1, terse::purpose::support), row.d, view<cpu, index_t>(places),
                                  temporary);
            auto const bytes = (sizeof(T) + sizeof(index_t)) * static_cast<double>(k);
            against_addition<T>(state, row, x, bytes,
                                [&](view<cpu, T> e, view<cpu, T const>) { work(places, values, e); });
        };
    };
    using places = terse::buffer<cpu, index_t>;
    using values = terse::buffer<cpu, T>;
    add_benchmark({"cpu::gather", d, density},
                  with_places([](places& p, values& v, view<cpu, T> e) { cpu::gather(e, p, view<cpu, T>(v)); }));
    add_benchmark({"cpu::scatter_axpy", d, density},
                  with_places([](places& p, values& v, view<cpu, T> e) { cpu::scatter_axpy(T(0.5), p, v, e); }));
    add_benchmark({"cpu::scatter_fill", d, density},
                  with_places([](places& p, values&, view<cpu, T> e) { cpu::scatter_fill(p, T(0), e); }));
}

benchmarks const verbs([] {
    for (auto const d : options().sizes({1'000'000})) {
        add_element_wise<float>(d);
        add_reductions<float>(d);
        add_signs<float>(d);
        for (auto const density : {0.001, 0.01, 0.1})
            if (options().full() || density == 0.01) add_sparse<float>(d, density);
        if (!options().full()) continue;
        add_element_wise<double>(d);
        add_reductions<double>(d);
        add_signs<double>(d);
    }
});

} // namespace
