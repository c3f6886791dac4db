// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <string>
#include <vector>

#include <terse/terse.hpp>
#include <terse/testing/benchmark.hpp>
#include <terse/wire/codec.hpp>

namespace {

using namespace terse::testing;
using terse::cpu;
using terse::view;

// Applies one verb to a compressor's message: f(message, its bytes, e).
template <class C, class F>
void add(std::string const& name, C const& compressor, std::size_t d, double density, F f) {
    add_benchmark({name, d, density}, [=](benchmark::State& state, benchmark_row const& row) {
        auto& x = vectors_of<float>(row.d, row.input);
        terse::scratch<cpu> temporary;
        terse::context<cpu> at;
        at.temporary = &temporary;
        terse::message_of<C, cpu, float> message;
        compressor.compress(x.g(), message, at);
        std::vector<std::byte> bytes(message.bytes());
        terse::wire::encode<float>(message, {}, bytes);
        auto const n = static_cast<double>(bytes.size());
        against_addition<float>(state, row, x, n, [&](view<cpu, float> e, auto) { f(message, bytes, e); });
    });
}

template <class C>
void add_all(std::string const& name, C const& compressor, std::size_t d, double density = 0) {
    using bytes = std::vector<std::byte>;
    using vector = view<cpu, float>;
    add(name + " add_to", compressor, d, density, [](auto& m, bytes&, vector e) { m.add_to(-0.5F, e); });
    add(name + " bytes", compressor, d, density, [](auto& m, bytes&, vector) { benchmark::DoNotOptimize(m.bytes()); });
    add(name + " encode", compressor, d, density,
        [](auto& m, bytes& b, vector) { terse::wire::encode<float>(m, {}, b); });
    add(name + " encode, checksum", compressor, d, density,
        [](auto& m, bytes& b, vector) { terse::wire::encode<float>(m, {.checksum = true}, b); });
    add(name + " decode", compressor, d, density,
        [](auto& m, bytes& b, vector e) { terse::wire::decode<float>(b, e.size(), m); });
}

benchmarks const all([] {
    for (auto const d : options().sizes({1'000'000})) {
        for (auto const density : {0.001, 0.01, 0.1})
            if (options().full() || density == 0.01)
                add_all("sparse", terse::random_k{.ratio = density, .shared_support = false}, d, density);
        using halves = terse::half_values<terse::random_k>;
        add_all("sparse in bf16", halves{.inner = {.ratio = 0.01, .shared_support = false}}, d, 0.01);
        add_all("signs", terse::scaled_sign{}, d);
        if (!options().full()) continue;
        add_all("dense", terse::identity{}, d);
        add_all("block", terse::random_block{.ratio = 0.01}, d, 0.01);
        add_all("bundle of signs", terse::blockwise<terse::scaled_sign>{}, d);
    }
});

} // namespace
