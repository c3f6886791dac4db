// expect: w must be contiguous: an Eigen vector or map, a std::vector or span, or a vector of another backend -
// docs/vectors.md SPDX-License-Identifier: BSL-1.0 Copyright 2026 The terse authors
#include <Eigen/Core>

#include <terse/terse.hpp>

int main() {
    Eigen::MatrixXf m = Eigen::MatrixXf::Ones(3, 10);
#ifdef TERSE_EXPECT_ERROR
    auto w = m.row(0); // every third number of the memory
#else
    auto w = m.col(0);
#endif
    auto sgd = terse::train(terse::gmc(), terse::solo{}, w);
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { g[0] = x[0]; });
}
