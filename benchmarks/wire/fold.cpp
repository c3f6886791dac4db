// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <sstream>
#include <string>
#include <vector>

#include <against_addition.hpp>
#include <registry.hpp>

#include <terse/compressor/random_k.hpp>
#include <terse/wire/fold.hpp>

namespace {

using terse::cpu;
using terse::view;

// The mean of sparse messages with supports of their own, against e += g of the same dimension.
void add(std::size_t workers, std::size_t d, std::size_t k) {
    std::ostringstream label;
    label << "fold/float/d=" << d << "/" << workers << " messages of " << k;
    auto* const b = benchmark::RegisterBenchmark(label.str().c_str(), [=](benchmark::State& state) {
        terse::buffer<cpu, float> e(d);
        terse::buffer<cpu, float> g(d);
        cpu::fill(view<cpu, float>(e), 1.0F);
        cpu::fill(view<cpu, float>(g), 2.0F);
        terse::scratch<cpu> temporary;
        terse::context<cpu> at;
        at.temporary = &temporary;
        std::vector<terse::sparse_message<cpu, float>> messages(workers);
        for (auto& m : messages) {
            terse::random_k{.count = k, .shared_support = false}.compress(view<cpu, float const>(e), m, at);
            ++at.worker;
        }
        terse::folder<cpu, float> folder;
        terse::update<cpu, float> mean;
        benchmarks::against_addition<float>(
            state, e, g, [] {},
            [&] {
                folder.fold(
                    workers, [&](std::size_t i) -> auto const& { return messages[i]; }, 0.5F, mean);
            });
    });
    b->UseManualTime()->Unit(benchmark::kMicrosecond);
}

benchmarks::registration const all([](bool full) {
    add(8, 25'000'000, 25'000);
    add(64, 25'000'000, 25'000);
    if (full) add(1000, 25'000'000, 25'000);
    add(8, 1'000'000, 10'000);
    add(64, 1'000'000, 10'000);
});

} // namespace
