// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/schedules.md
#include <terse/problem/toy.hpp>
#include <terse/run/schedule_text.hpp>
#include <terse/terse.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>

int main() {
    auto const toy = terse::toy_2();
    auto w = toy.start;

    // [use]
    auto const lr = terse::schedule::cosine(0.02, 0.0002, 500);
    auto method = terse::gmc_plus({.ratio = terse::schedule::exponential(1.0, 0.5, 100), .beta = 0.9, .lambda = 0.5});
    auto run = terse::train(method, terse::simulated{.workers = 2}, w);
    for (std::uint64_t t = 0; t < 500; ++t)
        run.step(lr(t), [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); });
    // [use]

    // [shapes]
    using terse::schedule;
    schedule const constant = 0.1;
    auto const steps = schedule::steps(0.1, 0.1, {100, 150});       // 0.1, from round 100 on 0.01, from 150 on 0.001
    auto const cosine = schedule::cosine(0.1, 0.0, 200);            // half a cosine from 0.1 to 0 over 200 rounds
    auto const linear = schedule::linear(0.5, 0.0, 100);            // a straight line, then 0
    auto const exponential = schedule::exponential(1, 0.001, 1000); // the same factor in every round, then 0.001
    auto const dgc = schedule::dgc_ramp(0.001, 4, 390);             // DGC's warm-up: 4 epochs of 390 rounds, then 0.001
    auto const warm = cosine.warmed_up(schedule::shape::linear, 0.01, 5); // 5 rounds from 0.01 to 0.1, then the cosine
    // [shapes]

    // [text]
    std::string const text = terse::to_text(warm); // cosine(0.1, 0, 200) after linear(0.01, 5)
    bool const same = terse::parse_schedule(text) == warm;
    // [text]

    auto const near = [](double a, double b) { return std::abs(a - b) < 1e-12; };
    for (std::uint64_t epoch = 0; epoch < 5; ++epoch) std::printf("%.5f ", dgc(390 * epoch));
    std::puts("");
    std::puts(text.c_str());
    return same && text == "cosine(0.1, 0, 200) after linear(0.01, 5)" && near(constant(7), 0.1) &&
                   near(steps(99), 0.1) && near(steps(100), 0.01) && near(steps(150), 0.001) &&
                   near(cosine(100), 0.05) && near(linear(50), 0.25) && near(linear(1000), 0) &&
                   near(exponential(500), std::sqrt(0.001)) && near(dgc(4 * 390), 0.001) && near(warm(0), 0.01) &&
                   near(warm(5), 0.1) && near(warm(105), 0.05) && std::abs(w[0]) < 10
               ? 0
               : 1;
}
