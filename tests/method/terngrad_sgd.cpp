// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include <terse/method/terngrad_sgd.hpp>

#include "oracle/follow.hpp"
#include "oracle/rounding.hpp"

using namespace oracle;

namespace {

// w = w - eta mean Q(g_k).
struct paper {
    random_run const& run;
    double clip;
    bool by_code, layers;
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run), q = zeros(run);
        for (std::uint32_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            auto const cut = layers ? run.dimension / 2 : 0;
            for (std::size_t layer = cut == 0 ? 1 : 0; layer < 2; ++layer) {
                auto const first = layer == 0 ? 0 : cut;
                auto const n = layer == 0 ? cut : run.dimension - cut;
                double scale = length(g, first, n, true);
                if (clip > 0) {
                    double mean_g = 0, variance = 0;
                    for (std::size_t i = first; i < first + n; ++i) mean_g += g[i] / static_cast<double>(n);
                    for (std::size_t i = first; i < first + n; ++i)
                        variance += (g[i] - mean_g) * (g[i] - mean_g) / static_cast<double>(n);
                    double const limit = clip * std::sqrt(variance);
                    scale = by_code ? limit : std::fmin(scale, limit);
                }
                auto const segment = layers ? part(cut == 0 ? 0 : layer) : 0;
                quantize(g, first, n, scale, 1, run.seed, k, t, segment, 0, q);
            }
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += q[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(terngrad_sgd_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        double const clip = run.seed % 3 == 0 ? 0 : 0.3 + 2 * uniform({run.seed, 34});
        if (clip > 0 && run.dimension < 4) return; // the deviation of one coordinate is nothing but rounding
        bool const by_code = run.seed % 2 == 0;
        terse::terngrad const ternary{.clip = clip,
                                      .how = by_code ? terse::terngrad::rule::code : terse::terngrad::rule::paper};
        follow(run, run.around(terse::terngrad_sgd(ternary)), paper{run, clip, by_code, false});
        auto const half = run.dimension / 2;
        std::vector<terse::segment> layers;
        if (half > 0) layers.push_back({"lower", half, 1});
        layers.push_back({"upper", run.dimension - half, 1});
        follow(run, run.around(terse::terngrad_sgd(terse::layout(layers), ternary)), paper{run, clip, by_code, true});
    });
}

BOOST_AUTO_TEST_SUITE_END()
