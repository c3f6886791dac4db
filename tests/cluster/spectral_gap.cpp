// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include <Eigen/SVD>

#include <terse/cluster/spectral_gap.hpp>

BOOST_AUTO_TEST_SUITE(spectral_gap_tests)

namespace {

using terse::metropolis;
using terse::spectral_gap;
using terse::topology;

void check(topology const& g, double second, double last, double tolerance) {
    auto const w = metropolis(g);
    auto const lambda = terse::eigenvalues(w);
    BOOST_TEST(lambda.size() == g.workers());
    BOOST_TEST(std::abs(lambda[0] - 1) < 1e-12);
    BOOST_TEST(std::abs(lambda[1] - second) < tolerance);
    BOOST_TEST(std::abs(lambda.back() - last) < tolerance);
    BOOST_TEST(std::abs(spectral_gap(w) - (1 - std::max(std::abs(second), std::abs(last)))) < tolerance);
}

double ring(std::uint32_t n, std::uint32_t m) { return 1.0 / 3 + 2.0 / 3 * std::cos(2 * std::numbers::pi * m / n); }

} // namespace

BOOST_AUTO_TEST_CASE(of_sixteen_workers) {
    check(topology::ring(16), 0.949253, -1.0 / 3, 1e-6);
    check(topology::torus(4, 4), 0.6, -0.6, 1e-12);
    check(topology::hypercube(16), 0.6, -0.6, 1e-12);
    check(topology::exponential(16), 0.5, -0.272448, 1e-6);
    check(topology::complete(16), 0, 0, 1e-12);
    BOOST_TEST(std::abs(metropolis(topology::exponential(16))(0, 4) - 0.125) < 1e-15);
}

BOOST_AUTO_TEST_CASE(closed_forms) {
    for (std::uint32_t const n : {3u, 5u, 8u, 13u, 40u}) check(topology::ring(n), ring(n, 1), ring(n, n / 2), 1e-12);
    for (std::uint32_t const a : {3u, 5u, 8u}) // (3 + 2 cos(2 pi / longer side)) / 5
        BOOST_TEST(std::abs(terse::eigenvalues(metropolis(topology::torus(3, a)))[1] -
                            (3 + 2 * std::cos(2 * std::numbers::pi / a)) / 5) < 1e-12);
    for (std::uint32_t const m : {1u, 2u, 3u, 5u, 7u}) // +-(m - 1) / (m + 1)
        check(topology::hypercube(1u << m), (m - 1.0) / (m + 1), -(m - 1.0) / (m + 1), 1e-12);
    for (std::uint32_t const n : {2u, 7u, 33u}) check(topology::complete(n), 0, 0, 1e-12);
    // A star: 1/n at the hub's edges; 1 - 1/n with multiplicity n - 2, and 0.
    check(topology::star(9), 8.0 / 9, 0, 1e-12);
}

BOOST_AUTO_TEST_CASE(of_rounds_that_take_turns) {
    for (std::uint32_t const n : {2u, 4u, 16u, 64u}) BOOST_TEST(spectral_gap(terse::one_peer_exponential(n)) == 1.0);
    auto const gap = spectral_gap(terse::one_peer_exponential(12));
    BOOST_TEST(gap > 0.3);
    BOOST_TEST(gap < 0.9);
    // (I + shift) / 2 alone: the singular values are |cos(pi m / n)|.
    auto const first = terse::one_peer_exponential(8)[0];
    BOOST_TEST(std::abs(spectral_gap(first) - (1 - std::cos(std::numbers::pi / 8))) < 1e-12);
    // Twice the same matrix is that matrix.
    auto const w = metropolis(topology::torus(3, 4));
    std::vector<terse::mixing_matrix> const twice{w, w};
    BOOST_TEST(std::abs(spectral_gap(twice) - spectral_gap(w)) < 1e-12);
}

// Two that swap their models never meet: the eigenvalues are 1 and -1. With a part of their own they do, the slower the
// smaller it is.
BOOST_AUTO_TEST_CASE(the_last_eigenvalue_counts) {
    for (double const own : {0.0, 0.1, 0.4}) {
        terse::mixing_matrix const w(topology::ring(2),
                                     [&](std::uint32_t i, std::uint32_t j) { return i == j ? own : 1 - own; });
        BOOST_TEST(std::abs(spectral_gap(w) - (1 - std::abs(2 * own - 1))) < 1e-12);
    }
}

// W_3 W_2 W_1, whose norm is another one than that of W_1 W_2 W_3.
BOOST_AUTO_TEST_CASE(rounds_are_multiplied_in_their_order) {
    constexpr std::uint32_t n = 6;
    std::vector<terse::mixing_matrix> rounds;
    auto const add = [&](std::vector<topology::edge> const& circles) {
        rounds.emplace_back(topology::directed(n, circles),
                            [](std::uint32_t i, std::uint32_t j) { return i == j ? 0.25 : 0.75; });
    };
    add({{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}});
    add({{0, 2}, {2, 1}, {1, 4}, {4, 0}, {3, 5}, {5, 3}});
    add({{0, 5}, {5, 2}, {2, 4}, {4, 3}, {3, 1}, {1, 0}});
    auto const gap = [&](std::initializer_list<std::size_t> order) {
        Eigen::MatrixXd product = Eigen::MatrixXd::Identity(n, n);
        for (auto const t : order) {
            Eigen::MatrixXd w(n, n);
            for (std::uint32_t i = 0; i < n; ++i)
                for (std::uint32_t j = 0; j < n; ++j) w(i, j) = rounds[t](i, j);
            product = (w * product).eval();
        }
        Eigen::MatrixXd const off = product - Eigen::MatrixXd::Constant(n, n, 1.0 / n);
        return 1 - std::cbrt(Eigen::JacobiSVD<Eigen::MatrixXd>(off).singularValues()(0));
    };
    BOOST_TEST(std::abs(spectral_gap(rounds) - gap({0, 1, 2})) < 1e-12);
    BOOST_TEST(std::abs(gap({0, 1, 2}) - gap({2, 1, 0})) > 1e-3);
}

BOOST_AUTO_TEST_CASE(at_the_edges) {
    BOOST_TEST(spectral_gap(metropolis(topology::ring(1))) == 1.0);
    BOOST_TEST(spectral_gap(metropolis(topology(4, {}))) < 1e-12);
    BOOST_TEST(spectral_gap(metropolis(topology::ring(2))) == 1.0);
    BOOST_TEST(terse::eigenvalues(metropolis(topology::ring(0))).empty());
    BOOST_CHECK_THROW(terse::eigenvalues(terse::one_peer_exponential(8)[0]), terse::configuration_error);
    BOOST_CHECK_THROW(spectral_gap(std::vector<terse::mixing_matrix>()), terse::configuration_error);
    BOOST_CHECK_THROW(spectral_gap(metropolis(topology::ring(4097))), terse::configuration_error);
    std::vector<terse::mixing_matrix> const odd{metropolis(topology::ring(3)), metropolis(topology::ring(4))};
    BOOST_CHECK_THROW(spectral_gap(odd), terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
