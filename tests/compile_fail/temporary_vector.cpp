// expect: w is a temporary that would be gone after this call - pass a variable, or a view of one
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <span>
#include <vector>

#include <terse/terse.hpp>

int main() {
    std::vector<float> w(10);
#ifdef TERSE_EXPECT_ERROR
    auto sgd = terse::train(terse::gmc(), terse::solo{}, std::vector<float>(10));
#else
    auto sgd = terse::train(terse::gmc(), terse::solo{}, std::span(w)); // a temporary view is fine
#endif
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { g[0] = x[0]; });
}
