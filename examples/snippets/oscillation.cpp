// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/faq.md: the distance to the optimum on toy_2, for the methods of the quadratic experiment.
#include <terse/problem/toy.hpp>
#include <terse/terse.hpp>

#include <cmath>
#include <cstdio>

namespace {

template <class Method>
double print(char const* name, Method const& method) {
    auto const toy = terse::toy_2();
    auto w = toy.start;
    auto run = terse::train(method, terse::simulated{.workers = 2}, w);
    std::printf("| %s |", name);
    for (int t = 0; t < 2000; ++t) {
        run.step(0.005, [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); });
        if (t == 9 || t == 99 || t == 499 || t == 1999) std::printf(" %.3g |", std::hypot(w[0], w[1]));
    }
    std::puts("");
    return std::hypot(w[0], w[1]);
}

} // namespace

int main() {
    bool good = print("`dmsgd`", terse::dmsgd()) < 1e-13;
    good &= print("`dgc`, factor masking", terse::dgc({.count = 1})) < 1e-8;
    good &= std::abs(print("`dgc`, no masking", terse::dgc({.count = 1, .factor_masking = false})) - 9.01388) < 1e-5;
    good &= print("`gmc`", terse::gmc({.count = 1})) < 1e-13;
    good &= print("`gmc_server`", terse::gmc_server({.count = 1})) < 1e-13;
    return good ? 0 : 1;
}
