// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/natural_sgd.hpp>

#include "oracle/follow.hpp"
#include "oracle/rounding.hpp"

using namespace oracle;

namespace {

// w = w - eta mean Q(g_k).
struct paper {
    random_run const& run;
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run), q = zeros(run);
        for (std::uint32_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                int exponent = 0;
                double const f = 2 * std::frexp(std::fabs(g[i]), &exponent) - 1; // |g| = (1 + f) 2^(exponent - 1)
                bool const up = f > rounds_up_above(run.seed, k, t, 0, i);
                q[i] = g[i] == 0 ? 0 : std::copysign(std::ldexp(up ? 1 : 0.5, exponent), g[i]);
            }
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += q[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(natural_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::identity},
                  [](random_run const& run) { follow(run, run.around(terse::natural_sgd()), paper{run}); });
}

// 9 bits up for each coordinate.
BOOST_AUTO_TEST_CASE(traffic) {
    std::vector<float> w(1001, 1.0F);
    auto sgd = terse::train(terse::natural_sgd(), terse::simulated{.workers = 2}, w);
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { std::copy(x.begin(), x.end(), g.begin()); });
    BOOST_TEST(sgd.traffic().total.up == 2u * (32 + (1001 * 9 + 7) / 8));
    BOOST_TEST(sgd.traffic().total.down == 2u * (32 + 4004));
}

BOOST_AUTO_TEST_SUITE_END()
