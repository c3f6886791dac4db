// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <sstream>
#include <string>

#include <against_addition.hpp>
#include <registry.hpp>
#include <vectors.hpp>

#include <terse/compressor/random_block.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/take.hpp>
#include <terse/compressor/threshold.hpp>

namespace {

using terse::cpu;
using terse::view;

// take of any compressor, against e += g.
template <class C>
void add(std::string const& name, C compressor, std::size_t d) {
    std::ostringstream label;
    label << name << " take/float/normal/d=" << d;
    auto* const b = benchmark::RegisterBenchmark(label.str().c_str(), [=](benchmark::State& state) {
        terse::buffer<cpu, float> start(d);
        terse::buffer<cpu, float> e(d);
        terse::buffer<cpu, float> g(d);
        benchmarks::fill<float>(start, "normal", 1);
        benchmarks::fill<float>(g, "normal", 2);
        terse::scratch<cpu> temporary;
        terse::context<cpu> at;
        at.temporary = &temporary;
        terse::message_of<C, cpu, float> out;
        benchmarks::against_addition<float>(
            state, e, g, [&] { cpu::copy(start, view<cpu, float>(e)); },
            [&] {
                terse::take<cpu, float>(compressor, 1.0F, g, 1.0F, e, out, at);
                ++at.round;
            });
    });
    b->UseManualTime()->Unit(benchmark::kMicrosecond);
}

benchmarks::registration const all([](bool full) {
    for (std::size_t const d : {std::size_t{100'000}, std::size_t{1'000'000}, std::size_t{25'000'000}}) {
        if (!full && d == 1'000'000) continue;
        add("scaled_sign", terse::scaled_sign{}, d);
        add("random_block 1%", terse::random_block{.ratio = 0.01}, d);
        add("threshold 2.5", terse::threshold{.at_least = 2.5}, d);
    }
});

} // namespace
