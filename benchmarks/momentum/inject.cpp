// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <string>

#include <terse/terse.hpp>
#include <terse/testing/benchmark.hpp>

namespace {

using namespace terse::testing;
using terse::cpu;
using terse::view;

template <class T>
using momentum_of_worker = terse::local_momentum::worker_state<cpu, T>;

// g <- g + beta u, where u is the update of the round before, of so many entries.
void add_global(std::size_t d, double density) {
    add_benchmark({"global_momentum inject", d, density}, [](benchmark::State& state, benchmark_row const& row) {
        auto& x = vectors_of<float>(row.d, row.input);
        terse::scratch<cpu> temporary;
        terse::context<cpu> at;
        at.temporary = &temporary;
        terse::global_momentum const momentum{};
        terse::global_momentum::shared_state<cpu, float> shared;
        shared.last.shape = terse::update<cpu, float>::form::sparse;
        terse::random_k{.ratio = row.density, .shared_support = false}.compress(x.g(), shared.last.sparse, at);
        auto const bytes = static_cast<double>(shared.last.sparse.values.size()) * (8 + sizeof(float));
        terse::stateless own;
        against_addition<float>(state, row, x, bytes, [&](view<cpu, float> e, auto) {
            momentum.inject<cpu, float>(own, shared, e, {0.1, 0.1, 0.1, 0.1}, 1);
        });
    });
}

// m <- beta m + g: alone, or with a density in the pass of the top_k that compresses m, as the loop does.
void add_local(std::string const& name, terse::local_momentum momentum, std::size_t d, double density) {
    add_benchmark({name, d, density}, [momentum](benchmark::State& state, benchmark_row const& row) {
        auto& x = vectors_of<float>(row.d, row.input);
        terse::scratch<cpu> temporary;
        terse::context<cpu> at;
        at.temporary = &temporary;
        terse::sparse_message<cpu, float> out;
        momentum_of_worker<float> own;
        own.reset(row.d);
        auto const bytes = 3.0 * sizeof(float) * static_cast<double>(row.d);
        terse::buffer<cpu, float> g(row.d);
        cpu::copy(x.g(), view<cpu, float>(g));
        against_addition<float>(state, row, x, bytes, [&](view<cpu, float> e, auto) {
            if (row.density > 0) {
                auto const step = momentum.step<cpu, float>(own, g, at.round);
                terse::take<cpu, float>(terse::top_k{.ratio = row.density}, 1.0F, step, 1.0F, e, out, at);
                momentum.forget<cpu, float>(own, out);
            } else {
                momentum.inject<cpu, float>(own, {}, g, {}, at.round);
            }
            ++at.round;
        });
    });
}

benchmarks const all([] {
    for (auto const d : options().sizes({25'000'000})) {
        for (auto const density : {0.001, 0.01, 0.1})
            if (options().full() || density < 0.1) add_global(d, density);
        add_local("local_momentum inject", {}, d, 0);
        for (auto const density : {0.001, 0.01, 0.1})
            if (options().full() || density < 0.1)
                add_local("local_momentum and top_k take", {.factor_masking = true}, d, density);
    }
});

} // namespace
