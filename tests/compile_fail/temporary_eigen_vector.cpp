// expect: w is a temporary that would be gone after this call - pass a variable, or a view of one
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <Eigen/Core>

#include <terse/terse.hpp>

int main() {
    Eigen::VectorXf w = Eigen::VectorXf::Ones(10);
#ifdef TERSE_EXPECT_ERROR
    auto sgd = terse::train(terse::gmc(), terse::solo{}, Eigen::VectorXf(w));
#else
    auto sgd = terse::train(terse::gmc(), terse::solo{}, Eigen::Map<Eigen::VectorXf>(w.data(), 10));
#endif
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { g[0] = x[0]; });
}
