// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <terse/problem/quadratic.hpp>
#include <terse/problem/random_quadratic.hpp>

#include "problem/finite_difference.hpp"

BOOST_AUTO_TEST_SUITE(quadratic_tests)

using terse::configuration_error;
using terse::dimension_error;
using terse::quadratic;
using term = terse::quadratic_term<double>;

BOOST_AUTO_TEST_CASE(gradient_and_value_match_the_formula_written_out) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        std::size_t const d = 1 + seed % 7, workers = 1 + seed % 4;
        auto const p =
            terse::random_quadratic<double>({.seed = seed, .workers = workers, .dimension = d, .dense = seed % 3 != 0});
        auto const x = checks::random_vector<double>(seed, d, 3);
        std::vector<double> mean(d), g(d);
        double value = 0;
        for (std::size_t k = 0; k < workers; ++k) {
            auto const& t = p.term(k);
            double own = 0;
            std::vector<double> expected(d);
            for (std::size_t i = 0; i < d; ++i)
                for (std::size_t j = 0; j < d; ++j) {
                    double const a = t.diagonal.empty() ? t.matrix[i * d + j] : (i == j ? t.diagonal[i] : 0.0);
                    expected[i] += a * (x[j] - t.center[j]);
                    own += 0.5 * (x[i] - t.center[i]) * a * (x[j] - t.center[j]);
                }
            p.gradient(static_cast<std::uint32_t>(k), x, g);
            for (std::size_t i = 0; i < d; ++i) {
                BOOST_TEST(std::abs(g[i] - expected[i]) <= 1e-12 * (1 + std::abs(expected[i])));
                mean[i] += expected[i] / static_cast<double>(workers);
            }
            BOOST_TEST(std::abs(p.value(static_cast<std::uint32_t>(k), x) - own) <= 1e-12 * (1 + own));
            value += own / static_cast<double>(workers);
        }
        p.gradient(x, g);
        for (std::size_t i = 0; i < d; ++i) BOOST_TEST(std::abs(g[i] - mean[i]) <= 1e-12 * (1 + std::abs(mean[i])));
        BOOST_TEST(std::abs(p.value(x) - value) <= 1e-12 * (1 + value));
        checks::gradient_is_the_slope_of_value(p, x, 1e-8);
    }
}

BOOST_AUTO_TEST_CASE(a_diagonal_is_the_matrix_with_it) {
    quadratic<double> const a({{.matrix = {}, .diagonal = {2, 3}, .center = {1, -1}}});
    quadratic<double> const b({{.matrix = {2, 0, 0, 3}, .diagonal = {}, .center = {1, -1}}});
    std::vector<double> const x{0.3, 0.7};
    std::vector<double> ga(2), gb(2);
    a.gradient(x, ga);
    b.gradient(x, gb);
    BOOST_TEST(ga == gb, boost::test_tools::per_element());
    BOOST_TEST(a.value(x) == b.value(x));
    BOOST_TEST(a.optimum() == b.optimum(), boost::test_tools::per_element());
    BOOST_TEST(a.smoothness() == 3.0);
    BOOST_TEST(std::abs(b.smoothness() - 3.0) < 1e-14);
}

template <class T>
void gradient_vanishes_at_the_optimum(double tolerance) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed)
        for (bool const dense : {true, false}) {
            auto const p = terse::random_quadratic<T>({.seed = seed, .workers = 3, .dimension = 12, .dense = dense});
            auto const x = p.optimum();
            std::vector<T> g(x.size());
            p.gradient(x, g);
            for (T const v : g) BOOST_TEST(std::abs(v) <= tolerance);
            auto near = x;
            near[seed % 12] += T(0.1);
            BOOST_TEST(p.value(near) > p.value(x));
        }
}
BOOST_AUTO_TEST_CASE(gradient_vanishes_at_the_optimum_double) { gradient_vanishes_at_the_optimum<double>(1e-12); }
BOOST_AUTO_TEST_CASE(gradient_vanishes_at_the_optimum_float) { gradient_vanishes_at_the_optimum<float>(3e-5); }

BOOST_AUTO_TEST_CASE(a_mixed_problem_of_matrix_and_diagonal_has_its_optimum) {
    quadratic<double> const p({{.matrix = {2, 1, 1, 2}, .diagonal = {}, .center = {1, 0}},
                               {.matrix = {}, .diagonal = {1, 4}, .center = {0, 2}}});
    auto const x = p.optimum(); // [3 1; 1 6] x = (2, 1) + (0, 8)
    BOOST_TEST(std::abs(x[0] - 3.0 / 17) < 1e-14);
    BOOST_TEST(std::abs(x[1] - 25.0 / 17) < 1e-14);
    double const exact = (9.0 + std::sqrt(13.0)) / 4; // of half the sum
    BOOST_TEST(std::abs(p.smoothness() - exact) < 1e-14);
}

BOOST_AUTO_TEST_CASE(without_a_unique_optimum_it_says_so) {
    quadratic<double> const flat({{.matrix = {}, .diagonal = {1, 0}, .center = {1, 1}}});
    BOOST_CHECK_THROW(flat.optimum(), configuration_error);
    quadratic<double> const singular({{.matrix = {1, 1, 1, 1}, .diagonal = {}, .center = {1, 1}}});
    BOOST_CHECK_THROW(singular.optimum(), configuration_error);
    quadratic<double> const saddle({{.matrix = {0, 1, 1, 0}, .diagonal = {}, .center = {1, 1}}});
    BOOST_CHECK_THROW(saddle.optimum(), configuration_error);
    quadratic<double> const zero({{.matrix = {}, .diagonal = {0}, .center = {1}}});
    BOOST_CHECK_THROW(zero.optimum(), configuration_error);
    BOOST_TEST(std::abs(saddle.smoothness() - 1.0) < 1e-15);
    // one worker alone may be singular
    quadratic<double> const both(
        {{.matrix = {}, .diagonal = {1, 0}, .center = {4, 9}}, {.matrix = {}, .diagonal = {0, 1}, .center = {9, 5}}});
    BOOST_TEST(both.optimum() == (std::vector<double>{4, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(wrong_terms_are_refused) {
    double const nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    auto const make = [](std::vector<term> t) { return quadratic<double>(std::move(t)); };
    BOOST_CHECK_THROW(make({}), configuration_error);
    BOOST_CHECK_THROW(make({{{}, {}, {}}}), dimension_error);
    BOOST_CHECK_THROW(make({{{}, {}, {1}}}), dimension_error);
    BOOST_CHECK_THROW(make({{{1}, {1}, {1}}}), dimension_error);
    BOOST_CHECK_THROW(make({{{}, {1, 2}, {1}}}), dimension_error);
    BOOST_CHECK_THROW(make({{{1, 2, 3}, {}, {1, 2}}}), dimension_error);
    BOOST_CHECK_THROW(make({{{}, {1}, {1}}, {{}, {1, 1}, {1, 1}}}), dimension_error);
    BOOST_CHECK_THROW(make({{{1, 2, 3, 1}, {}, {1, 2}}}), configuration_error);
    BOOST_CHECK_THROW(make({{{}, {nan}, {1}}}), configuration_error);
    BOOST_CHECK_THROW(make({{{}, {1}, {inf}}}), configuration_error);
    BOOST_CHECK_THROW(make({{{1, nan, nan, 1}, {}, {1, 1}}}), configuration_error);
    BOOST_CHECK_EXCEPTION(make({{{}, {1}, {1}}, {{}, {1}, {inf}}}), configuration_error,
                          [](auto const& e) { return std::string(e.what()).find("worker 1") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_refused) {
    quadratic<double> const p({{.matrix = {}, .diagonal = {1, 2}, .center = {0, 0}}});
    std::vector<double> two(2), three(3);
    BOOST_CHECK_THROW(p.value(three), dimension_error);
    BOOST_CHECK_THROW(p.gradient(three, two), dimension_error);
    BOOST_CHECK_THROW(p.gradient(two, three), dimension_error);
    BOOST_CHECK_THROW(p.gradient(0u, two, three), dimension_error);
    BOOST_CHECK_THROW(p.gradient(1u, two, two), dimension_error);
}

BOOST_AUTO_TEST_SUITE_END()
