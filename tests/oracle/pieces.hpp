// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include "oracle/follow.hpp"

namespace oracle {

/// The mean over the workers of the mean of their `pieces` gradients at x, each clipped as one and decayed.
inline numbers mean_of_pieces(random_run const& run, std::uint64_t round, std::uint32_t pieces, numbers const& x) {
    numbers mean = zeros(run);
    for (std::size_t k = 0; k < run.workers; ++k) {
        numbers own = zeros(run);
        for (std::uint32_t j = 0; j < pieces; ++j) {
            numbers g(run.dimension);
            run.user_gradient(k, round * pieces + j, x, g);
            for (std::size_t i = 0; i < run.dimension; ++i) own[i] += g[i] / pieces;
        }
        double length = 0;
        for (double const y : own) length += y * y;
        length = std::sqrt(length);
        double const limit = run.clip / std::sqrt(static_cast<double>(run.workers));
        for (std::size_t i = 0; i < run.dimension; ++i) {
            if (run.clip > 0 && length > limit) own[i] *= limit / length;
            mean[i] += (own[i] + run.decay * x[i]) / static_cast<double>(run.workers);
        }
    }
    return mean;
}

/// follow() where a worker takes several gradients in a round, at `factor` times the run's learning rates.
template <class Method, class Paper>
void follow_pieces(random_run const& run, Method method, Paper paper, double factor = 1, double tolerance = 1e-10) {
    numbers w = run.start;
    auto sgd = terse::train(method, run.cluster(), w, {.seed = run.seed});
    for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
        double const lr = factor * run.lr[t];
        sgd.step(lr,
                 [&](terse::worker_context at, auto x, auto g) { run.user_gradient(at.worker, at.gradient(), x, g); });
        paper.step(t, lr);
        require_close("w", run, t, paper.w, w, tolerance);
    }
    BOOST_TEST(true);
}

} // namespace oracle
