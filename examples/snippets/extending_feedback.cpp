// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/extending.md#feedback
#include <terse/problem/toy.hpp>
#include <terse/terse.hpp>

#include <bit>
#include <cmath>
#include <cstdint>

// [policy]
/// Standard feedback whose residuals are averaged in rounds 1, 3, 7, 15, ..: often at first, rarely later.
struct early_averaging {
    static constexpr bool keeps_residual = true; // e_k <- e_k + g_k - C(e_k + g_k)
    static constexpr bool moves_point = false;   // gradients are taken at w

    terse::units residual_units() const { return terse::units::model; }
    bool averages_residuals(std::uint64_t round) const { return round > 0 && std::has_single_bit(round + 1); }

    template <class B, class T>
    terse::view<B, T const> point(terse::input<B, T> w, terse::input<B, T>, terse::view<B, T>, terse::round_scales,
                                  std::uint64_t) const {
        return w;
    }
};
// [policy]

int main() {
    auto const toy = terse::toy_2();
    auto w = toy.start;
    // [use]
    auto method = terse::compose(terse::top_k{.ratio = 0.5}, terse::no_momentum{}, early_averaging{});
    auto run = terse::train(method, terse::simulated{.workers = 2}, w);
    // [use]
    for (int t = 0; t < 16; ++t)
        run.step(0.05, [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); });
    // Rounds 1, 3, 7 and 15, two workers, two doubles and a header each.
    return run.traffic().averaging.up == 4 * 2 * (32 + 2 * 8) ? 0 : 1;
}
