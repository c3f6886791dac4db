// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <terse/random.hpp>
#include <terse/version.hpp>

#include <Eigen/Core>

int main() {
    Eigen::VectorXd const x = Eigen::VectorXd::Constant(4, terse::random_stream(1, terse::purpose::user).uniform(0));
    return x.sum() >= 0 && x.sum() < 4 && TERSE_VERSION_MAJOR >= 0 ? 0 : 1;
}
