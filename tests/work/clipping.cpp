// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/work/clipping.hpp>

using terse::cpu;

namespace {

template <class T>
std::vector<T> clipped(terse::clipping const& c, std::vector<T> g, std::uint32_t workers) {
    c.apply(terse::view<cpu, T>(g.data(), g.size()), workers);
    return g;
}
using numbers = std::vector<double>;

} // namespace

BOOST_AUTO_TEST_SUITE(clipping_tests)

BOOST_AUTO_TEST_CASE(is_off_by_default) {
    BOOST_TEST((clipped(terse::clipping{}, numbers{3e10, 4e10}, 9) == numbers{3e10, 4e10}));
}

BOOST_AUTO_TEST_CASE(shortens_to_the_norm_over_the_root_of_the_workers) {
    BOOST_TEST((clipped({.norm = 5}, numbers{6, 8}, 1) == numbers{3, 4}));
    BOOST_TEST((clipped({.norm = 5}, numbers{6, 8}, 4) == numbers{1.5, 2}));
    BOOST_TEST((clipped({.norm = 5, .by_worker_count = false}, numbers{6, 8}, 4) == numbers{3, 4}));
    BOOST_TEST((clipped({.norm = 5}, std::vector<float>{6, 8}, 4) == std::vector<float>{1.5f, 2}));
}

BOOST_AUTO_TEST_CASE(leaves_short_gradients_alone) {
    BOOST_TEST((clipped({.norm = 10}, numbers{6, 8}, 1) == numbers{6, 8}));
    BOOST_TEST((clipped({.norm = 20}, numbers{6, 8}, 4) == numbers{6, 8}));
    BOOST_TEST((clipped({.norm = 1}, numbers{0, 0}, 4) == numbers{0, 0}));
}

BOOST_AUTO_TEST_CASE(takes_floats_whose_squares_overflow) {
    auto const g = clipped({.norm = 5}, std::vector<float>{3e30f, 4e30f}, 1);
    BOOST_TEST(std::fabs(g[0] - 3) < 1e-5);
    BOOST_TEST(std::fabs(g[1] - 4) < 1e-5);
}

BOOST_AUTO_TEST_CASE(takes_doubles_whose_squares_overflow) {
    auto const g = clipped({.norm = 5}, std::vector<double>{3e300, 4e300}, 1);
    BOOST_TEST(std::fabs(g[0] - 3) < 1e-12);
    BOOST_TEST(std::fabs(g[1] - 4) < 1e-12);
    auto const barely = clipped({.norm = 5}, std::vector<double>{3e155, 4e155}, 1);
    BOOST_TEST(std::fabs(barely[0] - 3) < 1e-12);
    BOOST_TEST((clipped({.norm = 1e200}, numbers{3e155, 4e155}, 1) == numbers{3e155, 4e155}));
}

BOOST_AUTO_TEST_CASE(the_norm_is_finite_and_not_negative) {
    for (double const bad : {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(terse::clipping{.norm = bad}.validate(1), terse::configuration_error);
    terse::clipping{.norm = 0}.validate(1);
}

BOOST_AUTO_TEST_SUITE_END()
