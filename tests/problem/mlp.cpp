// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <thread>
#include <vector>

#include <terse/data/cifar.hpp>
#include <terse/problem/mlp.hpp>

#include "data/real_data.hpp"
#include "problem/finite_difference.hpp"

BOOST_AUTO_TEST_SUITE(mlp_tests)

using terse::mlp;

BOOST_AUTO_TEST_CASE(gradient_is_the_slope_of_value) {
    std::vector<std::vector<std::size_t>> const shapes{{}, {1}, {5}, {4, 3}, {3, 6, 2}};
    for (std::uint64_t seed = 1; seed <= 3; ++seed)
        for (auto const& hidden : shapes)
            for (bool const sparse : {false, true}) {
                mlp<double> const p(checks::random_data<double>(seed, 13, 6, 3, sparse), {.hidden = hidden, .l2 = 0.1});
                auto x = p.initial(seed);
                auto const bias = checks::random_vector<double>(seed, x.size(), 0.3); // biases are trained as well
                for (std::size_t i = 0; i < x.size(); ++i) x[i] += bias[i];
                checks::gradient_is_the_slope_of_value(p, x, 1e-7);
            }
}

// One example after the other, one number after the other, double precision.
template <class T>
std::vector<double> written_out(terse::dataset<T> const& data, std::vector<std::size_t> const& width,
                                std::vector<T> const& x, std::vector<std::uint32_t> const& rows, double l2) {
    std::vector<double> g(x.size());
    for (auto const row : rows) {
        std::vector<T> features(data.features());
        data.row(row).copy_to(features);
        std::vector<std::vector<double>> a{std::vector<double>(features.begin(), features.end())};
        std::vector<std::size_t> at{0};
        for (std::size_t l = 0; l + 1 < width.size(); ++l) {
            std::vector<double> z(width[l + 1]);
            for (std::size_t o = 0; o < width[l + 1]; ++o) {
                z[o] = static_cast<double>(x[at[l] + width[l + 1] * width[l] + o]);
                for (std::size_t i = 0; i < width[l]; ++i)
                    z[o] += static_cast<double>(x[at[l] + o * width[l] + i]) * a[l][i];
                if (l + 2 < width.size() && z[o] < 0) z[o] = 0;
            }
            at.push_back(at[l] + width[l + 1] * (width[l] + 1));
            a.push_back(z);
        }
        double total = 0;
        for (double const z : a.back()) total += std::exp(z);
        std::vector<double> delta;
        for (double const z : a.back()) delta.push_back(std::exp(z) / total);
        delta[data.label(row)] -= 1;
        for (std::size_t l = width.size() - 1; l-- > 0;) {
            std::vector<double> below(width[l]);
            for (std::size_t o = 0; o < width[l + 1]; ++o) {
                g[at[l] + width[l + 1] * width[l] + o] += delta[o] / static_cast<double>(rows.size());
                for (std::size_t i = 0; i < width[l]; ++i) {
                    g[at[l] + o * width[l] + i] += delta[o] * a[l][i] / static_cast<double>(rows.size());
                    if (a[l][i] > 0) below[i] += delta[o] * static_cast<double>(x[at[l] + o * width[l] + i]);
                }
            }
            delta = below;
        }
    }
    for (std::size_t i = 0; i < x.size(); ++i) g[i] += l2 * static_cast<double>(x[i]);
    return g;
}

template <class T>
void batch_gradient_matches_the_loops(double tolerance) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed)
        for (bool const sparse : {false, true}) {
            auto const data = checks::random_data<T>(seed, 30, 10, 4, sparse);
            mlp<T> const p(data, {.hidden = {8, 5}, .l2 = 0.02});
            auto const x = p.initial(seed);
            std::vector<std::uint32_t> const rows{4, 0, 29, 4, 11, 12, 13};
            std::vector<T> g(x.size());
            p.gradient(x, rows, g);
            auto const expected = written_out(data, {10, 8, 5, 4}, x, rows, 0.02);
            for (std::size_t i = 0; i < g.size(); ++i)
                BOOST_TEST(std::abs(static_cast<double>(g[i]) - expected[i]) <=
                           tolerance * (1 + std::abs(expected[i])));
        }
}
BOOST_AUTO_TEST_CASE(batch_gradient_matches_the_loops_double) { batch_gradient_matches_the_loops<double>(1e-13); }
BOOST_AUTO_TEST_CASE(batch_gradient_matches_the_loops_float) { batch_gradient_matches_the_loops<float>(1e-5); }

BOOST_AUTO_TEST_CASE(the_full_gradient_is_the_mean_over_all_rows) {
    mlp<double> const p(checks::random_data<double>(2, 700, 4, 3, false), {.hidden = {5}, .l2 = 0.1}); // several chunks
    auto const x = p.initial(1);
    std::vector<std::uint32_t> rows(700);
    std::iota(rows.begin(), rows.end(), 0u);
    std::vector<double> a(x.size()), b(x.size());
    p.gradient(x, a);
    p.gradient(x, rows, b);
    for (std::size_t i = 0; i < x.size(); ++i) BOOST_TEST(std::abs(a[i] - b[i]) < 1e-14);
}

BOOST_AUTO_TEST_CASE(the_layout_names_every_parameter) {
    mlp<float> const p(checks::random_data<float>(1, 9, 6, 3, false), {.hidden = {5, 4}});
    BOOST_TEST((p.layout() == terse::layout({{"layer0.weight", 5, 6},
                                             {"layer0.bias", 5, 1},
                                             {"layer1.weight", 4, 5},
                                             {"layer1.bias", 4, 1},
                                             {"layer2.weight", 3, 4},
                                             {"layer2.bias", 3, 1}})));
    BOOST_TEST(p.dimension() == 5u * 6 + 5 + 4 * 5 + 4 + 3 * 4 + 3);
    BOOST_TEST(p.dimension() == p.layout().size());
}

BOOST_AUTO_TEST_CASE(initial_values_have_the_variance_of_he) {
    mlp<double> const p(checks::random_data<double>(1, 4, 200, 3, false), {.hidden = {100, 50}});
    auto const x = p.initial(5);
    BOOST_TEST(x == p.initial(5), boost::test_tools::per_element());
    BOOST_TEST(x != p.initial(6));
    for (std::size_t s = 0; s < p.layout().count(); ++s) {
        double sum = 0, squares = 0;
        auto const n = static_cast<double>(p.layout()[s].size());
        for (std::size_t i = p.layout().offset(s); i < p.layout().offset(s + 1); ++i) {
            sum += x[i];
            squares += x[i] * x[i];
        }
        if (s % 2 == 1) {
            BOOST_TEST(squares == 0.0);
            continue;
        }
        double const variance =
            2 / static_cast<double>(p.layout()[s].cols); // five standard deviations of each estimate:
        BOOST_TEST(std::abs(sum / n) < 5 * std::sqrt(variance / n));
        BOOST_TEST(std::abs(squares / n - variance) < 5 * variance * std::sqrt(2 / n));
    }
}

BOOST_AUTO_TEST_CASE(a_used_workspace_changes_nothing_and_grows_no_more) {
    mlp<float> const p(checks::random_data<float>(3, 50, 7, 3, true), {.hidden = {6, 9}});
    auto const x = p.initial(1);
    std::vector<float> a(x.size()), b(x.size());
    std::vector<std::uint32_t> const many{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, few{30, 31, 32};
    mlp<float>::workspace scratch;
    p.gradient(x, many, a, scratch);
    auto const sizes = [&] {
        return std::vector{scratch.layer[0].size(), scratch.layer[1].size(), scratch.layer[2].size(),
                           scratch.layer[3].size(), scratch.delta.size(),    scratch.next_delta.size()};
    };
    auto const before = sizes();
    p.gradient(x, few, a, scratch);
    p.gradient(x, few, b);
    BOOST_TEST(a == b, boost::test_tools::per_element());
    p.gradient(x, many, a, scratch);
    p.gradient(x, many, b);
    BOOST_TEST(a == b, boost::test_tools::per_element());
    BOOST_TEST(sizes() == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(threads_share_one_problem) {
    mlp<float> const p(checks::random_data<float>(3, 64, 12, 4, false), {.hidden = {16}});
    auto const x = p.initial(1);
    std::vector<std::vector<float>> alone(4, std::vector<float>(x.size())), together = alone;
    std::vector<std::vector<std::uint32_t>> rows(4);
    for (std::uint32_t k = 0; k < 4; ++k)
        for (std::uint32_t i = 0; i < 16; ++i) rows[k].push_back(16 * k + i);
    for (std::size_t k = 0; k < 4; ++k) p.gradient(x, rows[k], alone[k]);
    {
        std::vector<std::jthread> threads;
        for (std::size_t k = 0; k < 4; ++k)
            threads.emplace_back([&, k] {
                mlp<float>::workspace scratch;
                for (int repeat = 0; repeat < 20; ++repeat) p.gradient(x, rows[k], together[k], scratch);
            });
    }
    for (std::size_t k = 0; k < 4; ++k) BOOST_TEST(alone[k] == together[k], boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(huge_logits_do_not_overflow) {
    std::vector<std::int64_t> const label{0};
    mlp<float> const p(terse::dataset<float>::dense(1, {1}, label, {0, 1}));
    std::vector<float> const x{-1e30f, 1e30f, 0, 0}; // the label's logit is 2e30 below the other
    std::vector<float> g(4);
    p.gradient(x, g);
    BOOST_TEST(g == (std::vector<float>{-1, 1, -1, 1}), boost::test_tools::per_element());
    BOOST_TEST(std::abs(p.value(x) / 2e30 - 1) < 1e-6);
}

BOOST_AUTO_TEST_CASE(of_equal_logits_the_lowest_class_counts) {
    std::vector<std::int64_t> const labels{0, 1, 2, 0};
    mlp<double> const p(terse::dataset<double>::dense(1, {1, 1, 1, 1}, labels));
    BOOST_TEST(p.accuracy(std::vector<double>(6)) == 0.5);
    BOOST_TEST(std::abs(p.value(std::vector<double>(6)) - std::log(3.0)) < 1e-15);
}

BOOST_AUTO_TEST_CASE(mistakes_are_refused) {
    using terse::configuration_error;
    using terse::dimension_error;
    auto const data = checks::random_data<double>(1, 10, 3, 3, false);
    BOOST_CHECK_THROW(mlp<double>(data, {.hidden = {4, 0}}), configuration_error);
    BOOST_CHECK_THROW(mlp<double>(data, {.l2 = -1}), configuration_error);
    BOOST_CHECK_THROW(mlp<double>(data, {.l2 = std::numeric_limits<double>::infinity()}), configuration_error);
    BOOST_CHECK_THROW(mlp<double>(checks::random_data<double>(1, 10, 3, 1, false)), configuration_error);
    mlp<double> const p(data, {.hidden = {2}});
    std::vector<double> x(p.dimension()), g(p.dimension()), shorter(p.dimension() - 1);
    std::vector<std::uint32_t> const none, far{10}, fine{9};
    BOOST_CHECK_THROW(p.gradient(shorter, fine, g), dimension_error);
    BOOST_CHECK_THROW(p.gradient(x, fine, shorter), dimension_error);
    BOOST_CHECK_THROW(p.gradient(x, none, g), dimension_error);
    BOOST_CHECK_THROW(p.gradient(x, far, g), dimension_error);
    BOOST_CHECK_THROW(p.value(shorter), dimension_error);
    BOOST_CHECK_THROW(p.value(x, checks::random_data<double>(1, 10, 4, 3, false)), dimension_error);
    BOOST_CHECK_THROW(p.accuracy(x, checks::random_data<double>(1, 10, 3, 2, false)), configuration_error);
}

BOOST_AUTO_TEST_CASE(cifar_is_learnt_a_little, *boost::unit_test::precondition(checks::have("cifar10_test_2k.bin"))) {
    mlp<float> const p(terse::read_cifar<float>(checks::real("cifar10_test_2k.bin")), {.hidden = {16}});
    auto x = p.initial(1);
    std::vector<float> g(x.size());
    mlp<float>::workspace scratch;
    std::vector<std::uint32_t> rows(50);
    double const before = p.value(x);
    for (std::uint32_t t = 0; t < 40; ++t) {
        std::iota(rows.begin(), rows.end(), t * 50);
        p.gradient(x, rows, g, scratch);
        for (std::size_t i = 0; i < x.size(); ++i) x[i] -= 0.02f * g[i];
    }
    BOOST_TEST_MESSAGE("loss " << before << " to " << p.value(x) << ", accuracy " << p.accuracy(x));
    BOOST_TEST(p.value(x) < before - 0.3);
    BOOST_TEST(p.accuracy(x) > 0.2); // chance is 0.1
}

BOOST_AUTO_TEST_SUITE_END()
