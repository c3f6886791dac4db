// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include "oracle/follow.hpp"

namespace oracle {

/// All iterates of a random run, one after the other.
template <class Method>
numbers trajectory(random_run const& run, Method method, unsigned threads = 1) {
    numbers w = run.start;
    numbers all;
    auto sgd = terse::train(std::move(method), run.cluster(threads), w, {.seed = run.seed});
    for (double const lr : run.lr) {
        sgd.step(lr, run.callback());
        all.insert(all.end(), w.begin(), w.end());
    }
    return all;
}

/// The run at a constant learning rate.
inline random_run at_constant_rate(random_run run) {
    std::fill(run.lr.begin(), run.lr.end(), run.lr.front());
    return run;
}
inline random_run without_clipping_and_decay(random_run run) {
    run.clip = 0;
    run.decay = 0;
    return run;
}

} // namespace oracle
