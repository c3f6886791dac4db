// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// Eight simulated workers with different quadratics find the minimum of their mean, sending 4 of 40 coordinates a
// round.
#include <terse/problem/random_quadratic.hpp>
#include <terse/terse.hpp>

#include <Eigen/Core>

#include <cstdio>
#include <vector>

int main() {
    auto const problem = terse::random_quadratic({.workers = 8, .dimension = 40});
    auto const best = problem.optimum();
    auto const optimum = Eigen::VectorXd::Map(best.data(), 40);

    // [train]
    Eigen::VectorXd w = Eigen::VectorXd::Zero(40); // your own memory
    auto sgd = terse::train(terse::gmc({.ratio = 0.1, .beta = 0.9}), terse::simulated{.workers = 8}, w);

    double const before = (w - optimum).norm();
    for (int t = 0; t < 2000; ++t)
        sgd.step(0.005, [&](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });
    // [train]
    double const after = (w - optimum).norm();

    // [traffic]
    auto const& traffic = sgd.traffic();
    std::printf("distance to the optimum: %.4f -> %.4f\n", before, after);
    std::printf("bytes up %llu, down %llu; RCC %.3f\n", static_cast<unsigned long long>(traffic.total.up),
                static_cast<unsigned long long>(traffic.total.down), traffic.rcc());
    // [traffic]
    return after < 0.1 * before ? 0 : 1;
}
