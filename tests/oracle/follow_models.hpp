// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include "oracle/follow.hpp"

namespace oracle {

/// As follow(), for methods in which every worker has a model: the paper's transcription has the models x, and where
/// they exist the momenta m and the common model w. Their mean is looked at too.
template <class Method, class Paper>
void follow_models(random_run const& run, Method method, Paper paper, double tolerance = 1e-10) {
    numbers w = run.start;
    auto sgd = terse::train(method, run.cluster(), w, {.seed = run.seed});
    auto const gradient = run.callback();
    for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
        sgd.step(run.lr[t], gradient);
        paper.step(t, run.lr[t]);
        numbers mean = zeros(run);
        numbers found = zeros(run);
        for (std::size_t k = 0; k < run.workers; ++k) {
            require_close("a model", run, t, paper.x[k], sgd.model(k), tolerance);
            if constexpr (requires { sgd.momentum(k); })
                require_close("a momentum", run, t, paper.m[k], sgd.momentum(k), tolerance);
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += paper.x[k][i] / static_cast<double>(run.workers);
        }
        sgd.mean(found);
        require_close("the mean", run, t, mean, found, tolerance);
        if constexpr (requires { paper.w; }) require_close("w", run, t, paper.w, w, tolerance);
    }
    BOOST_TEST(true);
}

inline numbers mean_of(random_run const& run, std::vector<numbers> const& x) {
    numbers mean = zeros(run);
    for (auto const& of_worker : x)
        for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += of_worker[i] / static_cast<double>(run.workers);
    return mean;
}

/// The mean of the models after every round of a random run, one after the other.
template <class Method>
numbers mean_trajectory(random_run const& run, Method method) {
    numbers w = run.start;
    numbers all;
    auto sgd = terse::train(std::move(method), run.cluster(), w, {.seed = run.seed});
    for (double const lr : run.lr) {
        sgd.step(lr, run.callback());
        numbers mean = zeros(run);
        sgd.mean(mean);
        all.insert(all.end(), mean.begin(), mean.end());
    }
    return all;
}

} // namespace oracle
