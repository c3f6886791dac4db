// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include <terse/method/dsgd.hpp>
#include <terse/method/qsgd_sgd.hpp>
#include <terse/method/terngrad_sgd.hpp>

#include "oracle/follow.hpp"
#include "oracle/rounding.hpp"

using namespace oracle;

namespace {

// w = w - eta mean Q(g_k).
struct paper {
    random_run const& run;
    std::size_t bucket;
    double s;
    bool largest;
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run), q = zeros(run);
        for (std::uint32_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; i += bucket) {
                auto const n = std::min(bucket, run.dimension - i);
                quantize(g, i, n, length(g, i, n, largest), s, run.seed, k, t, 0, i, q);
            }
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += q[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(qsgd_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        bool const largest = run.seed % 2 == 0;
        auto const s = static_cast<std::uint32_t>(between(1, 300, uniform({run.seed, 31})));
        auto const which = largest ? terse::norm::linf : terse::norm::l2;
        auto const method = terse::qsgd_sgd({.levels = s, .norm = which, .bucket = run.block});
        follow(run, run.around(method), paper{run, run.block, static_cast<double>(s), largest});
    });
}

template <class Method>
numbers trajectory(random_run const& run, Method const& method) {
    numbers w = run.start;
    auto sgd = terse::train(method, run.cluster(), w, {.seed = run.seed});
    for (auto const lr : run.lr) sgd.step(lr, run.callback());
    return w;
}

// The more levels, the nearer to DSGD; and one level of the largest magnitude is TernGrad.
BOOST_AUTO_TEST_CASE(its_limits) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const dense = trajectory(run, terse::dsgd());
        auto const fine = trajectory(run, terse::qsgd_sgd({.bits = 16, .norm = terse::norm::linf, .bucket = 0}));
        BOOST_TEST(difference(dense, fine) < 1e-3);
        auto const one = trajectory(run, terse::qsgd_sgd({.levels = 1, .norm = terse::norm::linf, .bucket = 0}));
        BOOST_TEST((one == trajectory(run, terse::terngrad_sgd())));
    });
}

// d B bits and a unit for each bucket up; the mean is dense.
BOOST_AUTO_TEST_CASE(traffic) {
    std::vector<float> w(1000, 1.0F);
    auto sgd = terse::train(terse::qsgd_sgd({.bits = 4, .bucket = 300}), terse::simulated{.workers = 3}, w);
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { std::copy(x.begin(), x.end(), g.begin()); });
    BOOST_TEST(sgd.traffic().total.up == 3u * (32 + 10 + 4 * 4 + 500));
    BOOST_TEST(sgd.traffic().total.down == 3u * (32 + 4000));
    BOOST_TEST(sgd.traffic().floats == 3 * (1000 * 4 / 32.0 + 4) + 3 * 1000);
}

BOOST_AUTO_TEST_SUITE_END()
