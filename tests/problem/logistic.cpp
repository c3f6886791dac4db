// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <terse/data/batch.hpp>
#include <terse/problem/logistic.hpp>

#include "data/real_data.hpp"
#include "problem/finite_difference.hpp"

BOOST_AUTO_TEST_SUITE(logistic_tests)

using terse::dataset;
using terse::logistic;

BOOST_AUTO_TEST_CASE(gradient_is_the_slope_of_value) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed)
        for (bool const sparse : {false, true}) {
            logistic<double> const p(checks::random_data<double>(seed, 23, 11, 2, sparse), seed % 2 == 0 ? 0.0 : 0.3);
            checks::gradient_is_the_slope_of_value(p, checks::random_vector<double>(seed, 11), 1e-8);
        }
}

template <class T>
void batch_gradient_matches_the_formula(double tolerance) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed)
        for (bool const sparse : {false, true}) {
            std::size_t const d = 3 + 4 * seed;
            auto const data = checks::random_data<T>(seed, 40, d, 2, sparse);
            double const l2 = 0.01 * static_cast<double>(seed);
            logistic<T> const p(data, l2);
            auto const x = checks::random_vector<T>(seed, d);
            std::vector<std::uint32_t> const rows{3, 0, 39, 3, 17};
            std::vector<T> g(d), features(d);
            p.gradient(x, rows, g);
            std::vector<double> expected(d);
            for (auto const i : rows) {
                data.row(i).copy_to(features);
                double z = 0;
                for (std::size_t j = 0; j < d; ++j) z += static_cast<double>(features[j]) * static_cast<double>(x[j]);
                double const y = data.label(i) == 1 ? 1 : -1;
                for (std::size_t j = 0; j < d; ++j)
                    expected[j] -= y * static_cast<double>(features[j]) / (1 + std::exp(y * z)) / 5;
            }
            for (std::size_t j = 0; j < d; ++j) {
                expected[j] += l2 * static_cast<double>(x[j]);
                BOOST_TEST(std::abs(static_cast<double>(g[j]) - expected[j]) <=
                           tolerance * (1 + std::abs(expected[j])));
            }
        }
}
BOOST_AUTO_TEST_CASE(batch_gradient_matches_the_formula_double) { batch_gradient_matches_the_formula<double>(1e-13); }
BOOST_AUTO_TEST_CASE(batch_gradient_matches_the_formula_float) { batch_gradient_matches_the_formula<float>(2e-6); }

BOOST_AUTO_TEST_CASE(all_rows_in_one_batch_are_the_full_gradient) {
    logistic<float> const p(checks::random_data<float>(7, 50, 9, 2, true), 0.1);
    auto const x = checks::random_vector<float>(7, 9);
    std::vector<std::uint32_t> rows(50);
    std::iota(rows.begin(), rows.end(), 0u);
    std::vector<float> a(9), b(9);
    p.gradient(x, a);
    p.gradient(x, rows, b);
    BOOST_TEST(a == b, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(sparse_and_dense_rows_mean_the_same) {
    auto const sparse = checks::random_data<double>(5, 30, 13, 2, true);
    logistic<double> const a(sparse, 0.1), b(checks::as_dense(sparse), 0.1);
    auto const x = checks::random_vector<double>(5, 13);
    std::vector<double> ga(13), gb(13);
    a.gradient(x, ga);
    b.gradient(x, gb);
    for (std::size_t j = 0; j < 13; ++j) BOOST_TEST(std::abs(ga[j] - gb[j]) < 1e-15);
    BOOST_TEST(std::abs(a.value(x) - b.value(x)) < 1e-15);
    BOOST_TEST(a.accuracy(x) == b.accuracy(x));
    BOOST_TEST(std::abs(a.smoothness() - b.smoothness()) < 1e-15);
}

BOOST_AUTO_TEST_CASE(huge_margins_neither_overflow_nor_lose_the_tail) {
    std::vector<std::int64_t> const labels{1, -1};
    logistic<double> const p(dataset<double>::dense(1, {1, 1}, labels));
    std::vector<double> g(1);
    std::vector<std::uint32_t> const right{0}, wrong{1};
    for (double const z : {50.0, 700.0, 1e4, 1e300}) {
        std::vector<double> const x{z};
        BOOST_TEST(p.value(x) == z / 2 + std::log1p(std::exp(-z)));
        p.gradient(x, wrong, g);
        BOOST_TEST(g[0] == 1.0);
        p.gradient(x, right, g);
        BOOST_TEST(g[0] == -std::exp(-z) / (1 + std::exp(-z))); // 1 / (1 + e^z) to the last digits, not 1 - 1
    }
}

BOOST_AUTO_TEST_CASE(the_smoothness_bound_holds) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        logistic<double> const p(checks::random_data<double>(seed, 20, 5, 2, false), 0.05);
        auto const x = checks::random_vector<double>(seed, 5), y = checks::random_vector<double>(seed + 100, 5);
        std::vector<double> gx(5), gy(5);
        p.gradient(x, gx);
        p.gradient(y, gy);
        double dg = 0, dx = 0;
        for (std::size_t j = 0; j < 5; ++j) {
            dg += (gx[j] - gy[j]) * (gx[j] - gy[j]);
            dx += (x[j] - y[j]) * (x[j] - y[j]);
        }
        BOOST_TEST(std::sqrt(dg) <= p.smoothness() * std::sqrt(dx));
    }
    // one row, both bounds tight at 0: F'' = 9 / 4 + l2
    std::vector<std::int64_t> const label{1};
    BOOST_TEST(logistic<double>(dataset<double>::dense(1, {3}, label, {0, 1}), 0.5).smoothness() == 2.75);
}

BOOST_AUTO_TEST_CASE(accuracy_counts_the_tie_as_class_0) {
    std::vector<std::int64_t> const labels{1, -1, 1, -1};
    logistic<double> const p(dataset<double>::dense(1, {1, -1, -1, 0}, labels));
    BOOST_TEST(p.accuracy(std::vector<double>{2}) == 0.75);
    BOOST_TEST(p.accuracy(std::vector<double>{-2}) == 0.5);
    BOOST_TEST(p.accuracy(std::vector<double>{0}) == 0.5);
}

BOOST_AUTO_TEST_CASE(mistakes_are_refused) {
    using terse::configuration_error;
    using terse::dimension_error;
    auto const data = checks::random_data<double>(1, 10, 3, 2, false);
    BOOST_CHECK_THROW(logistic<double>(checks::random_data<double>(1, 10, 3, 3, false)), configuration_error);
    BOOST_CHECK_THROW(logistic<double>(data, -1.0), configuration_error);
    BOOST_CHECK_THROW(logistic<double>(data, std::numeric_limits<double>::quiet_NaN()), configuration_error);
    logistic<double> const p(data);
    std::vector<double> three(3), two(2);
    std::vector<std::uint32_t> const none, far{10}, fine{9};
    BOOST_CHECK_THROW(p.value(two), dimension_error);
    BOOST_CHECK_THROW(p.gradient(two, fine, three), dimension_error);
    BOOST_CHECK_THROW(p.gradient(three, fine, two), dimension_error);
    BOOST_CHECK_THROW(p.gradient(three, none, three), dimension_error);
    BOOST_CHECK_THROW(p.gradient(three, far, three), dimension_error);
    BOOST_CHECK_THROW(p.value(three, checks::random_data<double>(1, 10, 4, 2, false)), dimension_error);
    BOOST_CHECK_THROW(p.accuracy(three, checks::random_data<double>(1, 10, 3, 4, false)), configuration_error);
}

BOOST_AUTO_TEST_CASE(a9a_is_learnt, *boost::unit_test::precondition(checks::have("a9a", "a9a.t"))) {
    auto const train = terse::read_libsvm<double>(checks::real("a9a"));
    auto const test =
        terse::read_libsvm<double>(checks::real("a9a.t"), {.features = train.features(), .classes = train.classes()});
    logistic<double> const p(train, 1e-4);
    std::vector<double> x(p.dimension()), g(p.dimension());
    BOOST_TEST(std::abs(p.value(x) - std::log(2.0)) < 1e-12);
    BOOST_TEST(std::abs(p.smoothness() - (14.0 / 4 + 1e-4)) < 1e-12); // at most 14 of 123 features are 1
    double last = p.value(x);
    for (int t = 0; t < 3; ++t) { // with lr 1 / L every step goes down
        p.gradient(x, g);
        for (std::size_t j = 0; j < x.size(); ++j) x[j] -= g[j] / p.smoothness();
        double const now = p.value(x);
        BOOST_TEST(now < last);
        last = now;
    }
    std::vector<std::uint32_t> all(train.rows());
    std::iota(all.begin(), all.end(), 0u);
    terse::batches batch(all, 0, {.size = 32});
    for (std::uint64_t t = 0; t < 1000; ++t) { // about one epoch
        p.gradient(x, batch(t), g);
        for (std::size_t j = 0; j < x.size(); ++j) x[j] -= 0.1 * g[j];
    }
    last = p.value(x);
    BOOST_TEST_MESSAGE("loss " << last << ", test accuracy " << p.accuracy(x, test));
    BOOST_TEST(last < 0.36);
    BOOST_TEST(p.accuracy(x, test) > 0.83); // always -1 would be 0.764
}

BOOST_AUTO_TEST_SUITE_END()
