// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/determinism.md
#include <terse/problem/random_quadratic.hpp>
#include <terse/terse.hpp>

#include <cstdio>
#include <vector>

int main() {
    auto const problem = terse::random_quadratic<float>({.workers = 7, .dimension = 1000, .dense = false});

    // [bits]
    auto const train_on = [&](terse::simulated cluster) {
        std::vector<float> w(problem.dimension(), 1.0f);
        auto run = terse::train(terse::gmc_plus(terse::random_k{.ratio = 0.1}), cluster, w, {.seed = 42});
        for (int t = 0; t < 100; ++t)
            run.step(0.02, [&](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });
        return w;
    };
    auto const one_thread = train_on({.workers = 7, .threads = 1});
    bool const same = one_thread == train_on({.workers = 7, .threads = 4}) &&
                      one_thread == train_on({.workers = 7, .threads = 2, .gradients_in_flight = 3});
    // [bits]
    std::printf("the same bits: %s\n", same ? "yes" : "no");

    std::vector<float> w(10, 1.0f);
    auto run = terse::train(terse::dsgd(), terse::simulated{.workers = 2}, w, {.seed = 42});
    // [random]
    run.step(0.1, [&](terse::worker_context at, auto x, auto g) {
        auto const random = at.random(terse::purpose::user); // of this seed, worker and round
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] + static_cast<float>(random.uniform(i) - 0.5);
    });
    // [random]
    return same && w[0] != 1.0f ? 0 : 1;
}
