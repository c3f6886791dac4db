// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/compressor/budgeted_quantizer.hpp>
#include <terse/compressor/fetch_top_k.hpp>
#include <terse/compressor/power_sgd.hpp>
#include <terse/compressor/shared_terngrad.hpp>
#include <terse/compressor/sketched_top_k.hpp>
#include <terse/method/ef_sgd.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/sign_sgd.hpp>

#include "oracle/random_run.hpp"

using namespace oracle;

namespace {

double length(numbers const& v) {
    double sum = 0;
    for (double const x : v) sum += x * x;
    return std::sqrt(sum);
}
bool close(double a, double b) { return std::fabs(a - b) <= 1e-11 * (1 + std::fabs(b)); }

// Plain error feedback in one of the units, with the figures computed beside it.
void check(random_run const& run, terse::units units) {
    auto const n = static_cast<double>(run.workers);
    auto const d = run.dimension;
    numbers w = run.start;
    auto method =
        terse::compose(run.library_compressor(), terse::no_momentum{}, terse::standard_feedback{.units = units});
    auto sgd = terse::train(run.around(method), run.cluster(2), w, {.seed = run.seed});
    sgd.measure_health();
    std::vector<numbers> e(run.workers, numbers(d, 0.0));
    for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
        double const unit = units == terse::units::model ? run.lr[t] : 1;
        double gradient = 0, residual = 0, contraction = 0, distance = 0;
        numbers mean(d, 0.0);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            gradient += length(g) / n;
            for (std::size_t i = 0; i < d; ++i) e[k][i] += unit * g[i];
            auto const before = length(e[k]);
            auto const c = run.compress(e[k], t, static_cast<std::uint32_t>(k));
            for (std::size_t i = 0; i < d; ++i) {
                e[k][i] -= c.value[i];
                mean[i] += e[k][i] / n;
            }
            residual += length(e[k]) / n;
            contraction += length(e[k]) * length(e[k]) / (before * before) / n;
        }
        for (auto const& residual_of_k : e)
            for (std::size_t i = 0; i < d; ++i)
                distance += (residual_of_k[i] - mean[i]) * (residual_of_k[i] - mean[i]) / n;
        sgd.step(run.lr[t], run.callback());
        auto const h = sgd.health();
        BOOST_TEST(close(h.gradient_norm, gradient));
        BOOST_TEST(close(h.residual_norm, residual));
        BOOST_TEST(close(h.residual_ratio, residual / unit / gradient));
        BOOST_TEST(close(h.contraction, contraction));
        BOOST_TEST(close(h.residual_distance, std::sqrt(distance)));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(health_tests)

BOOST_AUTO_TEST_CASE(is_what_it_says) {
    for (auto const compressor : every_kind)
        for (std::uint64_t seed = 0; seed < 10; ++seed)
            for (auto const units : {terse::units::gradient, terse::units::model})
                check(random_run(seed, compressor), units);
}

BOOST_AUTO_TEST_CASE(without_residuals) {
    random_run const run(4, kind::sign);
    numbers w = run.start;
    auto sgd = terse::train(terse::sign_sgd(), run.cluster(), w);
    sgd.measure_health();
    double contraction = 0;
    for (std::size_t k = 0; k < run.workers; ++k) {
        numbers g(run.dimension);
        run.user_gradient(k, 0, w, g);
        auto lost = g;
        auto const c = run.compress(g, 0, 0);
        for (std::size_t i = 0; i < run.dimension; ++i) lost[i] -= c.value[i];
        contraction += std::pow(length(lost) / length(g), 2) / static_cast<double>(run.workers);
    }
    sgd.step(0.1, run.callback());
    BOOST_TEST(close(sgd.health().contraction, contraction));
    BOOST_TEST(sgd.health().residual_norm == 0);
    BOOST_TEST(sgd.health().residual_distance == 0);
}

// With one worker the update is what was sent, whatever was said to make it.
template <class Compressor>
void check_talking(Compressor const& compressor) {
    numbers w(200, 0.0), g(200);
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = uniform({3, i}) - 0.3;
    auto sgd = terse::train(terse::compose(compressor, terse::no_momentum{}, terse::no_feedback{}),
                            terse::simulated{.workers = 1}, w);
    sgd.measure_health();
    sgd.step(1, [&](terse::worker_context, auto, auto out) { std::copy(g.begin(), g.end(), out.begin()); });
    auto lost = g;
    for (std::size_t i = 0; i < g.size(); ++i) lost[i] += w[i]; // w = -u
    BOOST_TEST(length(lost) > 0);
    BOOST_TEST(close(sgd.health().contraction, std::pow(length(lost) / length(g), 2)));
}

BOOST_AUTO_TEST_CASE(of_compressors_that_talk) {
    check_talking(terse::power_sgd{.rank = 2, .layout = terse::layout({{"weights", 10, 15}, {"bias", 50, 1}})});
    check_talking(terse::shared_terngrad{});
    check_talking(terse::budgeted_quantizer{.rule = {.rounds = 1}, .budget = 1e4});
    check_talking(terse::sketched_top_k{.count = 20, .table = {.columns = 64}});
    check_talking(terse::fetch_top_k{.count = 20, .table = {.columns = 64}});
}

BOOST_AUTO_TEST_CASE(of_nothing_is_zero) {
    numbers w{1, 2};
    auto sgd = terse::train(terse::gmc({.count = 1}), terse::simulated{.workers = 2}, w);
    sgd.measure_health();
    sgd.step(0.1, [](terse::worker_context, auto, auto g) { std::fill(g.begin(), g.end(), 0.0); });
    auto const h = sgd.health();
    BOOST_TEST(h.gradient_norm == 0);
    BOOST_TEST(h.residual_norm == 0);
    BOOST_TEST(h.residual_ratio == 0);
    BOOST_TEST(h.contraction == 0);
    BOOST_TEST(h.residual_distance == 0);
}

BOOST_AUTO_TEST_CASE(measuring_changes_no_bit) {
    for (auto const compressor : every_kind) {
        random_run const run(9, compressor);
        numbers w = run.start;
        numbers v = run.start;
        auto a = terse::train(terse::gmc(run.library_compressor()), run.cluster(), w);
        auto b = terse::train(terse::gmc(run.library_compressor()), run.cluster(), v);
        a.measure_health();
        for (double const lr : run.lr) {
            a.step(lr, run.callback());
            b.step(lr, run.callback());
            BOOST_TEST((w == v));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
