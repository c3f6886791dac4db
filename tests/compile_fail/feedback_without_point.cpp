// expect: the feedback lacks keeps_residual, moves_point, residual_units, averages_residuals or point -
// docs/extending.md#feedback SPDX-License-Identifier: BSL-1.0 Copyright 2026 The terse authors
#include <cstdint>
#include <vector>

#include <terse/terse.hpp>

struct mine {
    static constexpr bool keeps_residual = true;
    static constexpr bool moves_point = false;

    terse::units residual_units() const { return terse::units::gradient; }
    bool averages_residuals(std::uint64_t) const { return false; }
#ifndef TERSE_EXPECT_ERROR
    template <class B, class T>
    terse::view<B, T const> point(terse::input<B, T> w, terse::input<B, T>, terse::view<B, T>, terse::round_scales,
                                  std::uint64_t) const {
        return w;
    }
#endif
};

int main() {
    std::vector<float> w(10);
    auto sgd = terse::train(terse::compose(terse::top_k{}, terse::no_momentum{}, mine{}), terse::solo{}, w);
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { g[0] = x[0]; });
}
