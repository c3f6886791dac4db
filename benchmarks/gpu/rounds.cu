// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "measure.cuh"

namespace bench {

/// Whole rounds of GMC, whose gradients cost a copy.
void measure_rounds(bench& b, std::vector<std::size_t> const& workers) {
    auto const d = b.dimension();
    auto const n = static_cast<double>(d);
    for (auto const k : workers) {
        std::string const name = "gmc top_k 1%";
        if (!b.wanted(name)) continue;
        auto const vectors = 2 * static_cast<double>(k) + 10; // gradients and residuals, and what the selection takes
        b.with_memory(
            name, 4 * n * vectors,
            [&] {
                auto w = made(d, 1);
                auto run = terse::train(terse::gmc({.ratio = 0.01}),
                                        terse::simulated{.workers = static_cast<std::uint32_t>(k)},
                                        terse::view<device, float>(w));
                auto const gradient = [](terse::worker_context, auto x, auto g) { device::copy(x, g); };
                b(
                    name, static_cast<double>(k) * 20 * n, [&] { run.step(1e-3, gradient); }, k);
            },
            k);
    }
}

} // namespace bench
