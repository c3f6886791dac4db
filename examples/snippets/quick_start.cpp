// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// The first program of README.md: least squares, the rows spread over eight workers.
// [program]
#include <terse/terse.hpp>

#include <Eigen/Core>

#include <iostream>

int main() {
    int const rows = 2400, d = 100, workers = 8, each = rows / workers;
    Eigen::MatrixXd const features = Eigen::MatrixXd::Random(rows, d);
    Eigen::VectorXd const answer = Eigen::VectorXd::LinSpaced(d, -1, 1), labels = features * answer;

    Eigen::VectorXd w = Eigen::VectorXd::Zero(d); // the model stays yours
    auto sgd = terse::train(terse::gmc({.ratio = 0.03, .beta = 0.9}), terse::simulated{.workers = workers}, w);

    for (int t = 0; t < 2000; ++t)
        sgd.step(0.01, [&](terse::worker_context at, auto x, auto g) { // worker at.worker's gradient at x goes to g
            auto const own = features.middleRows(at.worker * each, each);
            auto const own_labels = labels.segment(at.worker * each, each);
            terse::as_eigen(g) = own.transpose() * (own * terse::as_eigen(x) - own_labels) / each;
        });

    std::cout << "distance to the answer " << (w - answer).norm() << ", from " << answer.norm() << " at the start\n"
              << "bytes up " << sgd.traffic().total.up << ", down " << sgd.traffic().total.down << ", or "
              << 100 * sgd.traffic().rcc() << " % of uncompressed momentum SGD (RCC)\n";
    return (w - answer).norm() < 0.1 ? 0 : 1;
}
// [program]
