// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <terse/compressor/top_k.hpp>
#include <terse/testing/benchmark.hpp>

namespace {

using namespace terse::testing;
using terse::cpu;
using terse::view;

// take in one of its forms, with figures of the selections.
template <class T>
void add(benchmark_row row, terse::instruction_set form = terse::best_instruction_set()) {
    row.name = "top_k take" + row.name;
    row.scalar = sizeof(T) == 8 ? "double" : "float";
    add_benchmark(row, [form](benchmark::State& state, benchmark_row const& what) {
        auto& x = vectors_of<T>(what.d, what.input);
        terse::scratch<cpu> temporary;
        terse::sparse_message<cpu, T> out;
        out.reset(what.d, terse::entries(what.density, 0, what.d, 0));
        std::uint64_t round = 0, candidates = 0, misled = 0;
        auto const bytes = 2.0 * sizeof(T) * static_cast<double>(what.d);
        against_addition<T>(state, what, x, bytes, [&](view<cpu, T> e, view<cpu, T const> g) {
            terse::selection_figures figures;
            terse::take_largest<T>(T(1), g, T(1), e, out.indices, out.values, {round++, terse::purpose::sample},
                                   temporary, form, &figures);
            candidates += figures.candidates;
            misled += figures.misled ? 1 : 0;
        });
        report_message<T>(state, out, x.e());
        auto const rounds = static_cast<double>(round);
        auto const per_k = static_cast<double>(candidates) / (rounds * static_cast<double>(out.values.size()));
        auto const share = static_cast<double>(misled) / rounds;
        state.counters["candidates_per_k"] = benchmark::Counter(per_k, benchmark::Counter::kAvgThreads);
        state.counters["misled"] = benchmark::Counter(share, benchmark::Counter::kAvgThreads);
        if (state.thread_index() > 0) return;
        char text[96];
        std::snprintf(text, sizeof text, "%.2f k candidates%s", per_k, share > 0 ? ", misled" : "");
        if (share > 0 && share < 1)
            std::snprintf(text, sizeof text, "%.2f k candidates, misled %.1f%%", per_k, 100 * share);
        if (candidates == round * what.d) std::snprintf(text, sizeof text, "no sample");
        state.SetLabel(text);
    });
}

void add_forms(std::size_t d, double density) {
    using terse::instruction_set;
    for (auto const& [name, form] : {std::pair{", AVX-512", instruction_set::avx512},
                                     {", AVX2", instruction_set::avx2},
                                     {", portable", instruction_set::portable}}) {
        if (!terse::supported(form)) continue;
        add<float>({name, d, density}, form);
        if (options().full()) add<double>({name, d, density}, form);
    }
}

// Memory that the library did not allocate: not on huge pages.
void add_plain(std::size_t d, double density) {
    add_benchmark({"top_k take, std::vector", d, density}, [](benchmark::State& state, benchmark_row const& row) {
        auto& x = vectors_of<float>(row.d, row.input);
        std::vector<float> const start(x.e().begin(), x.e().end()), g(x.g().begin(), x.g().end());
        std::vector<float> e(row.d);
        terse::scratch<cpu> temporary;
        terse::context<cpu> at;
        at.temporary = &temporary;
        terse::sparse_message<cpu, float> out;
        terse::top_k const compressor{.ratio = row.density};
        std::vector<double> times, of_addition;
        auto const time = [&](auto f) {
            std::copy(start.begin(), start.end(), e.begin());
            auto const begin = processor_time();
            f(view<cpu, float>(e), view<cpu, float const>(g));
            return processor_time() - begin;
        };
        for (auto _ : state) {
            (void)_;
            for (int turn = 0; turn < 7; ++turn) {
                auto const added = time([](auto sum, auto more) { cpu::axpy(1.0F, more, sum); });
                times.push_back(time(
                    [&](auto sum, auto more) { terse::take<cpu, float>(compressor, 1.0F, more, 1.0F, sum, out, at); }));
                of_addition.push_back(times.back() / added);
            }
        }
        report(state, {median(times), median(of_addition), 0}, 8.0 * static_cast<double>(row.d));
        report_message<float>(state, out, view<cpu, float>(e));
    });
}

// With the bound of the last round, which is exact here.
void add_carried(std::size_t d, double density) {
    add_take<float>({"top_k, carried bound", d, density},
                    terse::top_k{.ratio = density, .from = terse::top_k::bound::carried});
}

// One vector, and a second thread that helps. The addition that it is held against has one.
void add_helped(std::size_t d, double density) {
    add_benchmark({"top_k take, 2 threads", d, density}, [](benchmark::State& state, benchmark_row const& row) {
        auto& x = vectors_of<float>(row.d, row.input);
        terse::thread_pool pool(2);
        terse::scratch<cpu> temporary;
        temporary.helpers = &pool;
        terse::context<cpu> at;
        at.temporary = &temporary;
        terse::sparse_message<cpu, float> out;
        terse::top_k const compressor{.ratio = row.density};
        against_addition<float>(
            state, row, x, 8.0 * static_cast<double>(row.d),
            [&](view<cpu, float> e, view<cpu, float const> g) {
                terse::take<cpu, float>(compressor, 1.0F, g, 1.0F, e, out, at);
                ++at.round;
            },
            true);
        report_message<float>(state, out, x.e());
    });
}

benchmarks const take([] {
    for (auto const d : options().sizes({1'000, 100'000, 1'000'000, 25'000'000}))
        for (auto const density : {0.001, 0.01, 0.1}) {
            if (d == 1'000 && !options().full())
                add<float>({"", d, density}); // without a sample, there is one form
            else
                add_forms(d, density);
        }
    for (auto const d : options().sizes({100'000, 25'000'000}))
        for (auto const density : {0.001, 0.01}) add_carried(d, density);
    for (auto const d : options().sizes({25'000'000})) {
        for (auto const density : {0.001, 0.01, 0.1}) {
            if (!options().full()) add<double>({"", d, density});
            if (d >= 1'000'000 && !options().instructions && (density == 0.01 || options().full()))
                add<float>({", 2 at once", d, density, "normal", "float", 2});
        }
        if (d >= 1'000'000 && !options().instructions) add_plain(d, 0.01), add_helped(d, 0.01);
    }
});

benchmarks const inputs([] {
    for (auto const d : options().sizes({1'000'000}, {100'000, 1'000'000, 25'000'000}))
        for (auto const* const input : distributions)
            for (auto const density : {0.001, 0.01, 0.1})
                if (std::string(input) != "normal" && (options().full() || density > 0.001))
                    add<float>({"", d, density, input});
});

benchmarks const compress([] {
    for (auto const d : options().sizes({25'000'000}))
        for (auto const density : {0.001, 0.01, 0.1})
            add_compress<float>({"top_k", d, density}, terse::top_k{.ratio = density});
});

} // namespace
