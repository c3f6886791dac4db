// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/errors.md
#include <terse/problem/toy.hpp>
#include <terse/terse.hpp>

#include <cstdio>
#include <limits>
#include <stdexcept>
#include <vector>

namespace {

auto const toy = terse::toy_2();

void good_gradient(terse::worker_context at, terse::view<terse::cpu, double const> x,
                   terse::view<terse::cpu, double> g) {
    toy.problem.gradient(at.worker, x, g);
}

} // namespace

int main() {
    bool caught = false;
    // [configuration]
    std::vector<double> w{10, 10};
    try {
        auto run = terse::train(terse::gmc({.ratio = 1.5}), terse::simulated{.workers = 2}, w);
    } catch (terse::configuration_error const& e) {
        std::puts(e.what()); // top_k: the ratio must lie in (0, 1]
        caught = true;
    }
    // [configuration]

    auto run = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 2}, w);
    run.step(0.005, good_gradient);
    auto const before = w;
    bool named = false;
    // [non_finite]
    try {
        run.step(0.005, [](terse::worker_context at, auto x, auto g) {
            toy.problem.gradient(at.worker, x, g);
            if (at.worker == 1) g[0] = std::numeric_limits<double>::quiet_NaN();
        });
    } catch (terse::non_finite_error const& e) {
        std::puts(e.what());
        named = e.worker == 1 && e.round == 1 && e.coordinate == 0;
    }
    run.step(0.005, good_gradient); // nothing had changed: the run goes on
    // [non_finite]

    // As if it had never happened.
    auto same = toy.start;
    auto untroubled = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 2}, same);
    untroubled.step(0.005, good_gradient);
    bool const strong = before == same;
    untroubled.step(0.005, good_gradient);

    // [skip]
    std::vector<double> v{10, 10};
    auto careful = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 2}, v,
                                {.on_non_finite = terse::non_finite::skip_round});
    // [skip]
    careful.step(0.005, [](terse::worker_context, auto, auto g) {
        g[0] = std::numeric_limits<double>::infinity();
        g[1] = 0;
    });
    bool const skipped = careful.round() == 1 && v[0] == 10;

    // With one gradient in flight worker 0's is gone when worker 1 fails.
    auto frugal = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 2, .gradients_in_flight = 1}, v);
    int refused = 0;
    for (int attempt = 0; attempt < 2; ++attempt) try {
            frugal.step(0.005, [&](terse::worker_context at, auto x, auto g) {
                if (at.worker == 1 && attempt == 0) throw std::runtime_error("no data today");
                toy.problem.gradient(at.worker, x, g);
            });
        } catch (std::runtime_error const& e) {
            std::puts(e.what());
            ++refused;
        }
    return caught && named && strong && w == same && skipped && refused == 2 ? 0 : 1;
}
