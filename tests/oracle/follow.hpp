// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include <boost/test/unit_test.hpp>

#include "oracle/random_run.hpp"

namespace oracle {

/// max |a_i - b_i| / max(1, max |a_i|)
inline double difference(std::span<double const> a, std::span<double const> b) {
    double far = 0;
    double size = 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!(std::fabs(a[i] - b[i]) <= far)) far = std::fabs(a[i] - b[i]); // NaN counts as far
        size = std::max(size, std::fabs(a[i]));
    }
    return a.size() == b.size() ? far / size : HUGE_VAL;
}

inline void require_close(char const* what, random_run const& run, std::uint64_t round, std::span<double const> paper,
                          std::span<double const> library, double tolerance) {
    double const far = difference(paper, library);
    if (!(far <= tolerance))
        BOOST_FAIL(what << " differs by " << far << " after round " << round << " (seed " << run.seed << ", compressor "
                        << static_cast<int>(run.compressor) << ", " << run.workers << " workers, d = " << run.dimension
                        << ")");
}

/// Runs the library's method beside a straight-line transcription of the paper's, which has a constructor from the run,
/// step(round, lr), w, and, where the method has them, the residuals e and the server's residual e_server. After
/// every round all of them must agree.
template <class Method, class Paper>
void follow(random_run const& run, Method method, Paper paper, double tolerance = 1e-10) {
    numbers w = run.start;
    auto sgd = terse::train(method, run.cluster(), w, {.seed = run.seed});
    auto const gradient = run.callback();
    for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
        sgd.step(run.lr[t], gradient);
        paper.step(t, run.lr[t]);
        require_close("w", run, t, paper.w, w, tolerance);
        if constexpr (requires { paper.e; })
            for (std::size_t k = 0; k < run.workers; ++k)
                require_close("a residual", run, t, paper.e[k], sgd.residual(k), tolerance);
        if constexpr (Method::compresses_downlink)
            require_close("the server's residual", run, t, paper.e_server, sgd.server_residual(), tolerance);
    }
    BOOST_TEST(true);
}

/// body(run) for 100 random runs with each kind of compressor.
template <class F>
void for_many_runs(std::initializer_list<kind> kinds, F body) {
    for (auto const compressor : kinds)
        for (std::uint64_t seed = 0; seed < 100; ++seed)
            body(random_run(1000 * static_cast<std::uint64_t>(compressor) + seed, compressor));
}

inline numbers zeros(random_run const& run) { return numbers(run.dimension, 0.0); }
inline std::vector<numbers> zeros_for_each_worker(random_run const& run) {
    return std::vector<numbers>(run.workers, zeros(run));
}

} // namespace oracle
