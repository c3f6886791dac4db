// expect: w must hold float or double, and not be constant
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <vector>

#include <terse/terse.hpp>

int main() {
#ifdef TERSE_EXPECT_ERROR
    std::vector<float> const w(10);
#else
    std::vector<float> w(10);
#endif
    auto sgd = terse::train(terse::gmc(), terse::solo{}, w);
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { g[0] = x[0]; });
}
