// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/problem/concept.hpp>
#include <terse/problem/logistic.hpp>
#include <terse/problem/mlp.hpp>
#include <terse/problem/quadratic.hpp>
#include <terse/problem/softmax.hpp>

BOOST_AUTO_TEST_SUITE(concept_tests)

template <class T>
constexpr bool all() {
    using namespace terse;
    return WorkerProblem<quadratic<T>, T> && HasOptimum<quadratic<T>, T> && HasSmoothness<quadratic<T>, T> &&
           DataProblem<logistic<T>, T> && HasSmoothness<logistic<T>, T> && !HasOptimum<logistic<T>, T> &&
           DataProblem<softmax<T>, T> && HasSmoothness<softmax<T>, T> && DataProblem<mlp<T>, T> &&
           !HasSmoothness<mlp<T>, T> && !DataProblem<quadratic<T>, T> && !WorkerProblem<logistic<T>, T>;
}
static_assert(all<float>() && all<double>());
static_assert(!terse::Problem<terse::quadratic<double>, float>, "the scalar is part of the contract");

// [parabola]
struct parabola { // what a user writes
    std::size_t dimension() const { return 1; }
    double value(std::span<double const> x) const { return x[0] * x[0]; }
    void gradient(std::span<double const> x, std::span<double> g) const { g[0] = 2 * x[0]; }
};
static_assert(terse::Problem<parabola, double>);
// [parabola]

struct no_value {
    std::size_t dimension() const { return 1; }
    void gradient(std::span<double const>, std::span<double>) const {}
};
static_assert(!terse::Problem<no_value, double>);

BOOST_AUTO_TEST_CASE(a_wrong_size_is_named) {
    BOOST_CHECK_NO_THROW(terse::require_size("x", 3, 3));
    BOOST_CHECK_EXCEPTION(terse::require_size("x", 2, 3), terse::dimension_error,
                          [](auto const& e) { return std::string(e.what()) == "x has 2 numbers, not 3"; });
}

BOOST_AUTO_TEST_SUITE_END()
