// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Eigenvalues>

#include <terse/problem/random_quadratic.hpp>

BOOST_AUTO_TEST_SUITE(random_quadratic_tests)

BOOST_AUTO_TEST_CASE(the_spectrum_lies_where_asked) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        auto const p = terse::random_quadratic<double>(
            {.seed = seed, .workers = 3, .dimension = 9, .smallest = 0.5, .largest = 4});
        for (std::size_t k = 0; k < 3; ++k) {
            Eigen::Map<Eigen::MatrixXd const> const a(p.term(k).matrix.data(), 9, 9);
            Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const solver(a);
            BOOST_TEST(solver.eigenvalues().minCoeff() >= 0.5 - 1e-12);
            BOOST_TEST(solver.eigenvalues().maxCoeff() <= 4 + 1e-12);
            BOOST_TEST(std::abs(a(0, 1)) > 1e-6); // not diagonal by accident
        }
        BOOST_TEST(p.smoothness() <= 4 + 1e-12);
    }
}

BOOST_AUTO_TEST_CASE(the_same_options_give_the_same_problem) {
    auto const a = terse::random_quadratic<double>({.seed = 3}), b = terse::random_quadratic<double>({.seed = 3}),
               c = terse::random_quadratic<double>({.seed = 4});
    BOOST_TEST(a.term(2).matrix == b.term(2).matrix, boost::test_tools::per_element());
    BOOST_TEST(a.term(2).center == b.term(2).center, boost::test_tools::per_element());
    BOOST_TEST(a.term(2).matrix != c.term(2).matrix);
    BOOST_TEST(a.term(0).matrix != a.term(1).matrix);
    auto const more =
        terse::random_quadratic<double>({.seed = 3, .workers = 7}); // a worker does not depend on the others
    BOOST_TEST(a.term(2).matrix == more.term(2).matrix, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(heterogeneity_is_the_distance_of_the_local_optima) {
    auto const same = terse::random_quadratic<double>({.workers = 3, .heterogeneity = 0});
    BOOST_TEST(same.term(0).center == same.term(2).center, boost::test_tools::per_element());
    auto const x = same.optimum();
    for (std::size_t i = 0; i < x.size(); ++i) BOOST_TEST(std::abs(x[i] - same.term(0).center[i]) < 1e-12);
    auto const one = terse::random_quadratic<double>({.workers = 2, .heterogeneity = 1});
    auto const ten = terse::random_quadratic<double>({.workers = 2, .heterogeneity = 10});
    double const gap1 = one.term(0).center[0] - one.term(1).center[0],
                 gap10 = ten.term(0).center[0] - ten.term(1).center[0];
    BOOST_TEST(std::abs(gap10 - 10 * gap1) < 1e-12);
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused) {
    using terse::configuration_error;
    double const inf = std::numeric_limits<double>::infinity();
    BOOST_CHECK_THROW(terse::random_quadratic<double>({.workers = 0}), configuration_error);
    BOOST_CHECK_THROW(terse::random_quadratic<double>({.dimension = 0}), terse::dimension_error);
    BOOST_CHECK_THROW(terse::random_quadratic<double>({.smallest = 0}), configuration_error);
    BOOST_CHECK_THROW(terse::random_quadratic<double>({.smallest = 2, .largest = 1}), configuration_error);
    BOOST_CHECK_THROW(terse::random_quadratic<double>({.largest = inf}), configuration_error);
    BOOST_CHECK_THROW(terse::random_quadratic<double>({.heterogeneity = -1}), configuration_error);
    BOOST_CHECK_THROW(terse::random_quadratic<double>({.heterogeneity = inf}), configuration_error);
    BOOST_TEST(terse::random_quadratic<float>({.workers = 1, .dimension = 1}).term(0).matrix.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
