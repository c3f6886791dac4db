// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/traffic.md
#include <terse/problem/random_quadratic.hpp>
#include <terse/terse.hpp>

#include <cstdio>
#include <vector>

namespace {

auto const problem = terse::random_quadratic<float>({.workers = 8, .dimension = 10000, .dense = false});

template <class Method>
terse::traffic_account traffic(Method const& method) {
    std::vector<float> w(problem.dimension(), 1.0f);
    auto run = terse::train(method, terse::simulated{.workers = 8}, w);
    for (int t = 0; t < 100; ++t)
        run.step(0.02, [](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });
    return run.traffic();
}

template <class Method>
double print(char const* name, Method const& method) {
    auto const t = traffic(method);
    auto const dense = 100.0 * 8 * (32 + 4 * 10000.0); // one direction
    auto const up = static_cast<double>(t.total.up), down = static_cast<double>(t.total.down);
    std::printf("| %s | %.0f | %.0f | %.2f %% | %.2f %% |\n", name, up / 800, down / 800,
                100 * (up + down) / (2 * dense), 100 * t.rcc());
    return t.rcc();
}

} // namespace

int main() {
    std::vector<float> w(problem.dimension(), 1.0f);
    // [account]
    auto run = terse::train(terse::gmc({.ratio = 0.01}), terse::simulated{.workers = 8}, w);
    for (int t = 0; t < 100; ++t)
        run.step(0.02, [](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });

    auto const& traffic = run.traffic();
    std::printf("%.0f bytes up, %.0f down, RCC %.4f\n", static_cast<double>(traffic.total.up),
                static_cast<double>(traffic.total.down), traffic.rcc());
    // [account]

    bool good = true;
    good &= print("`dmsgd`", terse::dmsgd()) == 1;
    good &= print("`gmc`, top_k", terse::gmc({.ratio = 0.01})) < 0.09;
    good &= print("`gmc_server`, top_k", terse::gmc_server({.ratio = 0.01})) > 0.5;
    good &= print("`gmc_plus`, random_block", terse::gmc_plus(terse::random_block{.ratio = 0.01})) == 0.01;
    good &= print("`gmc_plus`, random_k", terse::gmc_plus(terse::random_k{.ratio = 0.01})) == 0.01;
    good &= print("`ef_sgdm_dc`, top_k", terse::ef_sgdm_dc({.ratio = 0.01})) == 0.02;
    good &= print("`saef`, scaled_sign", terse::saef(terse::scaled_sign{})) > 0.5;
    good &= print("`saef_dc`, scaled_sign", terse::saef_dc(terse::scaled_sign{})) < 0.04;
    good &= print("`saef_dc`, scaled_sign, period 10", terse::saef_dc(terse::scaled_sign{}, {.period = 10})) < 0.14;
    good &= print("`dist_ef_sgdm`, block 256", terse::dist_ef_sgdm({.block = 256})) < 0.04;
    return good ? 0 : 1;
}
