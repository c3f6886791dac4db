// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/dq_sgd.hpp>
#include <terse/method/qsgd_sgd.hpp>

#include "oracle/follow.hpp"
#include "oracle/rounding.hpp"

using namespace oracle;

namespace {

// w = w - eta mean Q(g_k).
struct paper {
    random_run const& run;
    double constant;
    double a;
    bool largest;
    numbers w = run.start;

    void step(std::uint64_t t, double lr) {
        numbers mean = zeros(run), q = zeros(run);
        for (std::uint32_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            double const norm = length(g, 0, run.dimension, largest);
            double const rounds = static_cast<double>(run.lr.size());
            double const n = static_cast<double>(t) + 1;
            double const bits = std::log2(constant * std::pow(a, (rounds - n) / 2) * norm + 1) + 1;
            double const whole = std::fmax(2, std::fmin(16, std::floor(bits + 0.5)));
            quantize(g, 0, run.dimension, norm, std::exp2(whole - 1) - 1, run.seed, k, t, 0, 0, q);
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += q[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

// The same, with the bits of the mean norm under a budget.
struct under_budget {
    random_run const& run;
    terse::budgeted_quantizer c;
    numbers w = run.start;
    double spent = 0, norms = 0;

    void step(std::uint64_t t, double lr) {
        double now = 0;
        std::vector<double> norm;
        for (std::uint32_t k = 0; k < run.workers; ++k) {
            norm.push_back(length(run.gradient(k, t, w), 0, run.dimension, c.rule.norm == terse::norm::linf));
            now += norm.back() / static_cast<double>(run.workers);
        }
        norms += now;
        auto const bits = c.bits<double>(t, now, norms / static_cast<double>(t + 1), c.budget - spent, run.dimension);
        spent += c.bits_of_round<double>(run.dimension, bits);
        numbers mean = zeros(run), q = zeros(run);
        for (std::uint32_t k = 0; k < run.workers; ++k) {
            quantize(run.gradient(k, t, w), 0, run.dimension, norm[k], std::exp2(bits - 1) - 1, run.seed, k, t, 0, 0,
                     q);
            for (std::size_t i = 0; i < run.dimension; ++i) mean[i] += q[i] / static_cast<double>(run.workers);
        }
        for (std::size_t i = 0; i < run.dimension; ++i) w[i] -= lr * mean[i];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(dq_sgd_tests)

BOOST_AUTO_TEST_CASE(keeps_a_budget) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const rounds = run.lr.size() - run.seed % 3; // and goes on after the last one
        auto const average = static_cast<unsigned>(2 + run.seed % 9);
        auto const whole = terse::budgeted_quantizer::bits_of_round<double>(run.dimension, average);
        terse::budgeted_quantizer const c{.rule = {.a = run.seed % 4 == 0 ? 1 : 0.8 + 0.2 * uniform({run.seed, 33}),
                                                   .rounds = rounds,
                                                   .norm = run.seed % 2 == 0 ? terse::norm::linf : terse::norm::l2},
                                          .budget = static_cast<double>(rounds) * whole};
        follow(run, run.around(terse::dq_sgd(c)), under_budget{run, c});
    });
}

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        bool const largest = run.seed % 2 == 0;
        double const constant = std::exp(8 * uniform({run.seed, 32}));
        double const a = run.seed % 3 == 0 ? 1 : 0.8 + 0.2 * uniform({run.seed, 33});
        auto const method = terse::dq_sgd({.constant = constant,
                                           .a = a,
                                           .rounds = run.lr.size(),
                                           .norm = largest ? terse::norm::linf : terse::norm::l2});
        follow(run, run.around(method), paper{run, constant, a, largest});
    });
}

// A constant that asks for too many bits gives all there are.
BOOST_AUTO_TEST_CASE(with_the_most_bits_it_is_qsgd) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const at_the_end = [&](auto const& method) {
            numbers w = run.start;
            auto sgd = terse::train(method, run.cluster(), w, {.seed = run.seed});
            for (auto const lr : run.lr) sgd.step(lr, run.callback());
            return w;
        };
        BOOST_TEST(
            (at_the_end(terse::dq_sgd({.constant = 1e30})) == at_the_end(terse::qsgd_sgd({.bits = 16, .bucket = 0}))));
    });
}

BOOST_AUTO_TEST_SUITE_END()
