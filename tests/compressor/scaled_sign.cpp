// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <cmath>
#include <limits>

#include <terse/compressor/scaled_sign.hpp>

BOOST_AUTO_TEST_SUITE(scaled_sign_tests)

using namespace terse;

BOOST_AUTO_TEST_CASE_TEMPLATE(it_is_the_mean_magnitude_with_the_sign, T, checks::scalars) {
    std::vector<T> const v{1, -2, 3, 0, -T(0), T(-6)};
    auto const t = checks::compressed(scaled_sign{}, v);
    BOOST_TEST((t.decoded == std::vector<T>{2, -2, 2, 2, 2, -2})); // zero counts as +, and so does -0
    BOOST_TEST(t.count() == 6u);
}

// ||C(v) - v||^2 = (1 - ||v||_1^2 / (d ||v||_2^2)) ||v||^2, exactly.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_loss_is_as_stated, T, checks::scalars) {
    for (std::size_t d = 1; d <= 130; ++d) {
        auto const v = testing::normal_vector<T>(d, 2);
        auto const t = checks::compressed(scaled_sign{}, v);
        double l1 = 0;
        for (auto const x : v) l1 += std::fabs(static_cast<double>(x));
        auto const expected = checks::squared(v) - l1 * l1 / static_cast<double>(d);
        BOOST_TEST(std::fabs(checks::squared_distance(t.decoded, v) - expected) <=
                   8 * static_cast<double>(std::numeric_limits<T>::epsilon()) * checks::squared(v));
        for (std::size_t i = 0; i < d; ++i) BOOST_TEST((t.decoded[i] > 0) == (v[i] >= 0));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(zeros_give_zeros, T, checks::scalars) {
    BOOST_TEST((checks::compressed(scaled_sign{}, std::vector<T>(65)).decoded == std::vector<T>(65)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_scale_of_the_largest_numbers_is_finite, T, checks::scalars) {
    auto const most = std::numeric_limits<T>::max();
    for (std::size_t const d : {1u, 2u, 3u, 64u, 1000u}) {
        auto const t = checks::compressed(scaled_sign{}, std::vector<T>(d, most));
        BOOST_TEST(std::fabs(t.out.scale / most - 1) <= 4 * std::numeric_limits<T>::epsilon());
        BOOST_TEST(std::isfinite(t.out.scale));
    }
}

BOOST_AUTO_TEST_CASE(one_bit_for_each_coordinate_travels) {
    for (std::size_t d = 1; d <= 130; ++d) {
        auto const t = checks::compressed(scaled_sign{}, testing::normal_vector<float>(d, 3));
        BOOST_TEST(t.out.bytes() == 32 + 4 + (d + 7) / 8);
    }
}

BOOST_AUTO_TEST_SUITE_END()
