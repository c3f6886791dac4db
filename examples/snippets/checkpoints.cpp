// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/checkpoints.md
#include <terse/problem/toy.hpp>
#include <terse/run/checkpoint.hpp>
#include <terse/terse.hpp>

#include <cstdio>
#include <filesystem>
#include <vector>

int main() {
    auto const toy = terse::toy_2();
    auto const gradient = [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); };
    auto const file = std::filesystem::temp_directory_path() / "terse-snippet-checkpoint";

    auto w = toy.start;
    auto run = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 2}, w);
    for (int t = 0; t < 50; ++t) run.step(0.005, gradient);
    // [save]
    terse::save_checkpoint(run, file, "toy_2, gmc, ratio 0.5");
    // [save]
    for (int t = 50; t < 100; ++t) run.step(0.005, gradient);

    // [load]
    std::vector<double> v(2);
    auto resumed = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 2}, v);
    terse::load_checkpoint(resumed, file, "toy_2, gmc, ratio 0.5");
    for (auto t = resumed.round(); t < 100; ++t) resumed.step(0.005, gradient);
    // [load]

    std::vector<double> u(2);
    auto more = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 4}, u);
    // [workers]
    terse::load_checkpoint(more, file, "toy_2, gmc, ratio 0.5", terse::worker_change::average);
    // [workers]

    bool refused = false;
    try {
        terse::load_checkpoint(resumed, file, "something else");
    } catch (terse::checkpoint_error const& e) {
        std::puts(e.what());
        refused = true;
    }
    std::filesystem::remove(file);
    return v == w && u != v && more.round() == 50 && refused ? 0 : 1;
}
