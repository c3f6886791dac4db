// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
//
// The pages docs/network.md and docs/faults.md.
#include <cstdio>
#include <vector>

#include <terse/terse.hpp>

namespace {

void gradient(terse::worker_context at, terse::view<terse::cpu, float const> x, terse::view<terse::cpu, float> g) {
    for (std::size_t i = 0; i < x.size(); ++i) g[i] = x[i] - static_cast<float>(at.worker);
}

} // namespace

int main() {
    std::vector<float> w(1000, 1.0F);
    auto run = terse::train(terse::gmc({.ratio = 0.01}), terse::simulated{.workers = 8}, w);

    // [clock]
    terse::network const net{.worker = {.latency = 50e-6, .bandwidth = 1.25e9}, .server = {.bandwidth = 1.25e9}};
    terse::compute_time const compute{.how = terse::compute_time::law::lognormal, .mean = 0.05};
    terse::simulated_clock clock(net, compute, run.workers(), run.seed());
    for (int t = 0; t < 100; ++t) {
        run.step(0.02, gradient);
        clock.advance(run);
    }
    terse::round_seconds const s = clock.total();
    std::printf("%.2f s: %.2f computing, %.2f waiting, %.2f up, %.2f down\n", s.total(), s.compute, s.wait, s.up,
                s.down);
    // [clock]

    // [break_even]
    terse::method_cost const small{.rounds = 130, .seconds = 0.052, .up = 4e4, .down = 3e5};
    terse::method_cost const dense{.rounds = 100, .seconds = 0.050, .up = 4e6, .down = 4e6};
    double const bandwidth = terse::break_even_bandwidth(small, dense, net, 8); // bytes per second
    // [break_even]
    std::printf("worth it below %.3g bytes per second\n", bandwidth);

    // [backups]
    terse::unreliable const ten{.cluster = {.workers = 10}, // the first 8 of them count
                                .backups = 2,
                                .compute = {.how = terse::compute_time::law::pareto, .mean = 0.05}};
    auto with_backups = terse::train(terse::gmc({.ratio = 0.01}), ten, w);
    terse::simulated_clock its_clock(net, ten.compute, 10, with_backups.seed());
    for (int t = 0; t < 100; ++t) {
        with_backups.step(0.02, gradient);
        its_clock.advance(with_backups);
    }
    // [backups]

    // [faults]
    terse::unreliable const eight{.cluster = {.workers = 8},
                                  .faults = {.drop_out = 0.001, .away = 20, .lose = 0.01, .corrupt = 0.001}};
    auto shaken =
        terse::train(terse::gmc({.ratio = 0.01}), eight, w, {.seed = 42}); // the same faults for the same seed
    for (int t = 0; t < 100; ++t) shaken.step(0.02, gradient);
    int lost = 0;
    for (auto const& worker : shaken.attendances()) lost += worker.counts() ? 0 : 1; // in the last round
    // [faults]
    return lost > 8 ? 1 : 0;
}
