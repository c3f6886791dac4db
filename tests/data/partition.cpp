// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include <terse/data/partition.hpp>

BOOST_AUTO_TEST_SUITE(partition_tests)

using terse::configuration_error;
using terse::partition;

void each_row_belongs_to_one_worker(partition const& p, std::size_t rows, std::size_t workers) {
    BOOST_REQUIRE(p.size() == workers);
    std::vector<int> owners(rows);
    for (auto const& mine : p) {
        BOOST_TEST(!mine.empty());
        for (auto const i : mine) {
            BOOST_REQUIRE(i < rows);
            ++owners[i];
        }
    }
    BOOST_TEST(std::ranges::count(owners, 1) == static_cast<std::ptrdiff_t>(rows));
}

std::vector<std::uint32_t> cycling_labels(std::size_t rows, std::uint32_t classes) {
    std::vector<std::uint32_t> labels(rows);
    for (std::size_t i = 0; i < rows; ++i) labels[i] = static_cast<std::uint32_t>(i) * 7 % classes;
    return labels;
}

/// The mean over the workers of the share of their most frequent label.
double purity(partition const& p, std::vector<std::uint32_t> const& labels, std::uint32_t classes) {
    double sum = 0;
    for (auto const& mine : p) {
        std::vector<std::size_t> count(classes);
        for (auto const i : mine) ++count[labels[i]];
        sum += static_cast<double>(std::ranges::max(count)) / static_cast<double>(mine.size());
    }
    return sum / static_cast<double>(p.size());
}

BOOST_AUTO_TEST_CASE(every_row_is_used_exactly_once) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        for (std::size_t const rows : {1u, 2u, 5u, 64u, 1003u})
            for (std::size_t const workers : {1u, 2u, 5u, 8u, 64u}) {
                if (rows < workers) continue;
                auto const labels = cycling_labels(rows, 10);
                each_row_belongs_to_one_worker(terse::iid_partition(rows, workers, seed), rows, workers);
                each_row_belongs_to_one_worker(terse::label_partition(labels, workers), rows, workers);
                for (double const alpha : {1e-300, 1e-3, 0.1, 1.0, 1e6, 1e300})
                    each_row_belongs_to_one_worker(terse::dirichlet_partition(labels, workers, alpha, seed), rows,
                                                   workers);
            }
}

BOOST_AUTO_TEST_CASE(the_seed_decides) {
    auto const labels = cycling_labels(500, 10);
    BOOST_TEST((terse::iid_partition(500, 4, 1) == terse::iid_partition(500, 4, 1)));
    BOOST_TEST((terse::iid_partition(500, 4, 1) != terse::iid_partition(500, 4, 2)));
    BOOST_TEST((terse::dirichlet_partition(labels, 4, 0.1, 1) == terse::dirichlet_partition(labels, 4, 0.1, 1)));
    BOOST_TEST((terse::dirichlet_partition(labels, 4, 0.1, 1) != terse::dirichlet_partition(labels, 4, 0.1, 2)));
}

BOOST_AUTO_TEST_CASE(sizes_differ_by_at_most_one) {
    for (auto const& p : {terse::iid_partition(103, 8, 1), terse::label_partition(cycling_labels(103, 10), 8)})
        for (std::size_t k = 0; k < 8; ++k) BOOST_TEST(p[k].size() == (k < 7 ? 13u : 12u));
}

BOOST_AUTO_TEST_CASE(sorting_by_label_separates_the_labels) {
    auto const labels = cycling_labels(1000, 10);
    auto const p = terse::label_partition(labels, 10);
    for (std::uint32_t k = 0; k < 10; ++k)
        for (auto const i : p[k]) BOOST_TEST(labels[i] == k);
}

BOOST_AUTO_TEST_CASE(alpha_goes_from_one_label_per_worker_to_iid) {
    auto const labels = cycling_labels(20000, 10);
    double const iid = purity(terse::iid_partition(20000, 8, 1), labels, 10);
    double const huge = purity(terse::dirichlet_partition(labels, 8, 1e6, 1), labels, 10);
    double const middle = purity(terse::dirichlet_partition(labels, 8, 1, 1), labels, 10);
    double const small = purity(terse::dirichlet_partition(labels, 8, 0.1, 1), labels, 10);
    BOOST_TEST(iid < 0.15);
    BOOST_TEST(huge < 0.11);
    BOOST_TEST(middle > 0.2);
    BOOST_TEST(small > middle);
    BOOST_TEST(small > 0.4);
    // with almost no alpha a label has one owner
    auto const p = terse::dirichlet_partition(labels, 4, 1e-3, 3);
    for (std::uint32_t c = 0; c < 10; ++c) {
        std::ptrdiff_t most = 0;
        for (auto const& mine : p)
            most = std::max(most, std::ranges::count_if(mine, [&](std::uint32_t i) { return labels[i] == c; }));
        BOOST_TEST(most > 1900);
    }
}

// Mean and variance of a Gamma(shape) variate are both its shape; E log is the digamma function.
BOOST_AUTO_TEST_CASE(gamma_variates_have_their_moments) {
    for (double const shape : {0.1, 0.5, 1.0, 2.5, 20.0}) {
        double sum = 0, squares = 0;
        int const n = 40000;
        for (int i = 0; i < n; ++i) {
            double const g = std::exp(terse::detail::log_gamma_variate(
                shape, terse::random_stream(5, terse::purpose::user, static_cast<std::uint32_t>(i))));
            sum += g;
            squares += g * g;
        }
        double const mean = sum / n, variance = squares / n - mean * mean;
        BOOST_TEST(std::abs(mean - shape) < 5 * std::sqrt(shape / n));
        // the fourth central moment is 3 shape^2 + 6 shape
        BOOST_TEST(std::abs(variance - shape) < 5 * std::sqrt((2 * shape * shape + 6 * shape) / n));
    }
}

// The share of one worker is Beta(alpha, (K - 1) alpha): mean 1 / K, variance (K - 1) / (K^2 (K alpha + 1)).
BOOST_AUTO_TEST_CASE(dirichlet_shares_have_their_variance) {
    std::vector<std::uint32_t> const one_label(1000, 0);
    double sum = 0, squares = 0;
    int const n = 3000;
    for (int i = 0; i < n; ++i) {
        double const s = static_cast<double>(
                             terse::dirichlet_partition(one_label, 4, 0.5, static_cast<std::uint64_t>(i))[1].size()) /
                         1000;
        sum += s;
        squares += s * s;
    }
    BOOST_TEST(std::abs(sum / n - 0.25) < 5 * std::sqrt(0.0625 / n));
    BOOST_TEST(std::abs(squares / n - std::pow(sum / n, 2) - 0.0625) < 0.006);
}

BOOST_AUTO_TEST_CASE(an_empty_worker_gets_a_row_of_the_richest) {
    std::vector<std::uint32_t> const one_label(6, 0);
    auto const p = terse::dirichlet_partition(one_label, 6, 1e-300, 1);
    for (auto const& mine : p) BOOST_TEST(mine.size() == 1u);
}

BOOST_AUTO_TEST_CASE(shuffling_is_uniform) {
    std::vector<int> count(24);
    for (std::uint64_t s = 0; s < 24000; ++s) {
        std::vector<std::uint32_t> v{0, 1, 2, 3};
        terse::shuffle(v, terse::random_stream(s, terse::purpose::user));
        ++count[v[0] * 6 + (v[1] - (v[1] > v[0] ? 1 : 0)) * 2 + (v[2] > v[3] ? 1 : 0)];
    }
    double chi = 0;
    for (int const c : count) chi += (c - 1000) * (c - 1000) / 1000.0;
    BOOST_TEST(chi < 60); // 23 degrees of freedom: above 60 once in 30000
}

BOOST_AUTO_TEST_CASE(mistakes_are_refused) {
    std::vector<std::uint32_t> const labels{0, 1, 0};
    BOOST_CHECK_THROW(terse::iid_partition(3, 0, 1), configuration_error);
    BOOST_CHECK_THROW(terse::iid_partition(3, 4, 1), configuration_error);
    BOOST_CHECK_THROW(terse::iid_partition(0, 1, 1), configuration_error);
    BOOST_CHECK_THROW(terse::label_partition(labels, 4), configuration_error);
    BOOST_CHECK_THROW(terse::label_partition({}, 1), configuration_error);
    for (double const alpha :
         {0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(terse::dirichlet_partition(labels, 2, alpha, 1), configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
