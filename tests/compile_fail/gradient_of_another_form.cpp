// expect: the gradient must be callable as gradient(worker_context, view<B, T const> x, view<B, T> g)
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <vector>

#include <terse/terse.hpp>

int main() {
    std::vector<float> w(10);
    auto sgd = terse::train(terse::gmc(), terse::solo{}, w);
#ifdef TERSE_EXPECT_ERROR
    sgd.step(0.1, [](auto x, auto g) { g[0] = x[0]; });
#else
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { g[0] = x[0]; });
#endif
}
