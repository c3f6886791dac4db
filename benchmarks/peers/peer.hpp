// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include <terse/compressor/take.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/testing/benchmark.hpp>

namespace peers {

using terse::cpu;
using terse::index_t;
using terse::view;

/// Another way to top_k's take: way(e, g, out), where out has room for k entries. It must arrive at the same entries,
/// which is tried before it is measured.
template <class Way>
void add_peer(std::string const& name, std::size_t d, double density, Way way) {
    using namespace terse::testing;
    add_benchmark({"top_k by " + name, d, density}, [way](benchmark::State& state, benchmark_row const& row) {
        auto& x = vectors_of<float>(row.d, row.input);
        terse::scratch<cpu> temporary;
        terse::context<cpu> at;
        at.temporary = &temporary;
        terse::sparse_message<cpu, float> expected, out;
        terse::take<cpu, float>(terse::top_k{.ratio = row.density}, 1.0F, x.g(), 1.0F, x.e(), expected, at);
        terse::buffer<cpu, float> const left(x.d());
        cpu::copy(x.e(), view<cpu, float>(left.data(), left.size()));
        x.restore();
        out.reset(row.d, expected.indices.size());
        Way mine = way;
        mine(x.e(), x.g(), out);
        view<cpu, index_t const> const wanted = expected.indices, found = out.indices;
        if (!std::ranges::equal(wanted, found) || !std::equal(left.data(), left.data() + left.size(), x.e().data()))
            return state.SkipWithError("it takes other entries than top_k");

        auto const bytes = 2.0 * sizeof(float) * static_cast<double>(row.d);
        against_addition<float>(state, row, x, bytes,
                                [&](view<cpu, float> e, view<cpu, float const> g) { mine(e, g, out); });
        report_message<float>(state, out, x.e());
    });
}

/// In index order, and out of e.
inline void finish(view<cpu, index_t> chosen, view<cpu, float> e, terse::sparse_message<cpu, float>& out) {
    std::sort(chosen.begin(), chosen.end());
    cpu::copy(chosen, view<cpu, index_t>(out.indices));
    cpu::gather(e, out.indices, view<cpu, float>(out.values));
    out.clear_in(e);
}

} // namespace peers
