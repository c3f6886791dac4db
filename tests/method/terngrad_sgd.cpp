// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <terse/cluster/solo.hpp>
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

// The same with the largest of the workers' scales, or their mean, layer by layer.
struct with_shared_scales {
    random_run const& run;
    terse::shared_terngrad c;
    numbers w = run.start;

    double own_scale(numbers const& g, std::size_t first, std::size_t n) const {
        double const largest = length(g, first, n, true);
        if (c.ternary.clip == 0) return largest;
        double mean = 0, variance = 0;
        for (std::size_t i = first; i < first + n; ++i) mean += g[i] / static_cast<double>(n);
        for (std::size_t i = first; i < first + n; ++i) variance += (g[i] - mean) * (g[i] - mean);
        double const limit = c.ternary.clip * std::sqrt(variance / static_cast<double>(n));
        return c.ternary.how == terse::terngrad::rule::code ? limit : std::fmin(largest, limit);
    }
    void step(std::uint64_t t, double lr) {
        std::vector<numbers> g;
        for (std::uint32_t k = 0; k < run.workers; ++k) g.push_back(run.gradient(k, t, w));
        auto const layers = c.layout.count();
        for (std::size_t s = 0; s < std::max<std::size_t>(layers, 1); ++s) {
            auto const first = layers == 0 ? 0 : c.layout.offset(s);
            auto const n = layers == 0 ? run.dimension : c.layout[s].size();
            double largest = 0, total = 0;
            for (auto const& v : g) {
                largest = std::fmax(largest, own_scale(v, first, n));
                total += own_scale(v, first, n);
            }
            bool const mean = c.share == terse::shared_terngrad::scale::mean;
            double const scale = mean ? total / static_cast<double>(run.workers) : largest;
            for (std::uint32_t k = 0; k < run.workers; ++k) {
                numbers q = zeros(run);
                quantize(g[k], first, n, scale, 1, run.seed, k, t, layers == 0 ? 0 : part(s), 0, q);
                for (std::size_t i = first; i < first + n; ++i) w[i] -= lr * q[i] / static_cast<double>(run.workers);
            }
        }
    }
};

terse::layout random_layers(random_run const& run) {
    std::vector<terse::segment> layers;
    for (std::size_t at = 0, i = 0; at < run.dimension; ++i) {
        auto const n = between(1, std::min<std::size_t>(run.dimension - at, 30), uniform({run.seed, 41, i}));
        layers.push_back({"layer " + std::to_string(i), n, 1});
        at += n;
    }
    return terse::layout(layers);
}

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

BOOST_AUTO_TEST_CASE(shares_scales_over_the_workers) {
    using scale = terse::shared_terngrad::scale;
    for_many_runs({kind::identity}, [](random_run const& run) {
        for (auto const share : {scale::largest, scale::mean}) {
            terse::shared_terngrad c{.share = share};
            follow(run, run.around(terse::terngrad_sgd(c)), with_shared_scales{run, c});
            c.layout = random_layers(run);
            follow(run, run.around(terse::terngrad_sgd(c)), with_shared_scales{run, c});
            if (run.dimension < 4) continue; // the deviation of one coordinate is nothing but rounding
            c = {.ternary = {.clip = 0.3 + 2 * uniform({run.seed, 42}),
                             .how = run.seed % 2 == 0 ? terse::terngrad::rule::code : terse::terngrad::rule::paper},
                 .share = share};
            follow(run, run.around(terse::terngrad_sgd(c)), with_shared_scales{run, c});
        }
    });
}

// The scale of a worker alone is its own.
BOOST_AUTO_TEST_CASE(one_worker_shares_with_itself) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const layers = random_layers(run);
        auto const go = [&](auto const& method) {
            numbers w = run.start;
            auto sgd = terse::train(method, terse::solo{}, w, {.seed = run.seed});
            for (auto const lr : run.lr) sgd.step(lr, run.callback());
            return w;
        };
        auto const alone = go(terse::terngrad_sgd(layers));
        BOOST_TEST_REQUIRE((go(terse::terngrad_sgd(terse::shared_terngrad{.layout = layers})) == alone), run.seed);
    });
}

BOOST_AUTO_TEST_CASE(traffic_is_that_of_scales_signs_and_their_sums) {
    std::vector<float> w(3 * 50 + 9, 1.0F);
    terse::layout const layers({{"matrix", 3, 50}, {"bias", 9}});
    auto run =
        terse::train(terse::terngrad_sgd(terse::shared_terngrad{.layout = layers}), terse::simulated{.workers = 5}, w);
    run.step(0.1, [](terse::worker_context at, auto x, auto g) {
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] + static_cast<float>((i * i + at.worker) % 7);
    });
    auto const levels = [](std::size_t bits) { // header, and of each layer kind, dimension, options, unit and levels
        return 32 + 2 * (8 + 10 + 4) + (150 * bits + 7) / 8 + (9 * bits + 7) / 8;
    };
    BOOST_TEST(run.traffic().round.up == 5 * (32 + 2 * 4 + levels(2)));
    BOOST_TEST(run.traffic().round.down == 5 * (32 + 2 * 4 + levels(4))); // sums in {-5, .., 5}
}

BOOST_AUTO_TEST_CASE(refuses_what_it_cannot_do) {
    std::vector<float> w(10);
    terse::shared_terngrad c{.layout = terse::layout({{"nine", 9}})};
    BOOST_CHECK_THROW(terse::train(terse::terngrad_sgd(c), terse::solo{}, w), terse::dimension_error);
    c = {.ternary = {.clip = -1}};
    BOOST_CHECK_THROW(terse::train(terse::terngrad_sgd(c), terse::solo{}, w), terse::configuration_error);
    auto run = terse::train(terse::terngrad_sgd(terse::shared_terngrad{}), terse::solo{}, w);
    auto const infinite = [](terse::worker_context, auto, auto g) { std::fill(g.begin(), g.end(), HUGE_VALF); };
    BOOST_CHECK_THROW(run.step(0.1, infinite), terse::error);
    BOOST_TEST(w == std::vector<float>(10));
}

BOOST_AUTO_TEST_SUITE_END()
