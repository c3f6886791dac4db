// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/testing/inputs.hpp>

#include "oracle/rounding_draw.hpp"

// Numbers as powers of two: every form of the loop beside the definition.
BOOST_AUTO_TEST_SUITE(powers)

namespace testing = terse::testing;
using terse::cpu;
using terse::instruction_set;
using terse::view;

using scalars = boost::mpl::list<float, double>;

terse::random_stream stream() { return {5, terse::purpose::rounding, 2, 9}; }

template <class T>
T expected(T x, std::size_t i) {
    if (!std::isfinite(x)) return std::numeric_limits<T>::quiet_NaN();
    constexpr auto least = std::numeric_limits<T>::min();
    bool const normal = std::fabs(x) >= least;
    T const below = normal ? std::ldexp(T(1), std::ilogb(x)) : T(0);
    T const step = normal ? below : least; // from the power below to the one above
    double const fraction = static_cast<double>((std::fabs(x) - below) / step) * 65536;
    bool const up = 65535 - oracle::rounding_draw(stream(), i) + oracle::rounding_tail(stream(), i) < fraction;
    T const y = up && std::isfinite(below + step) ? below + step : below;
    return std::copysign(y, x);
}

template <class T>
void check(std::vector<T> const& x) {
    std::vector<T> want;
    for (std::size_t i = 0; i < x.size(); ++i) want.push_back(expected(x[i], i));
    for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
        if (!terse::supported(form)) continue;
        std::vector<T> y(x.size()), same = x;
        terse::round_to_powers<T>({x.data(), x.size()}, {y.data(), y.size()}, stream(), form);
        BOOST_TEST(testing::same_bits(y, want));
        terse::round_to_powers<T>({same.data(), same.size()}, {same.data(), same.size()}, stream(), form); // in place
        BOOST_TEST(testing::same_bits(same, want));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_form_is_the_definition, T, scalars) {
    for (std::size_t const d : {0u, 1u, 63u, 64u, 65u, 255u, 256u, 257u, 1000u, 20000u})
        check(testing::normal_vector<T>(d, d));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(numbers_of_all_kinds, T, scalars) {
    using limits = std::numeric_limits<T>;
    T const kinds[] = {0,
                       T(-0.0),
                       1,
                       -2,
                       T(0.75),
                       limits::denorm_min(),
                       limits::min() / 2,
                       -limits::min(),
                       limits::max(),
                       limits::lowest(),
                       limits::infinity(),
                       -limits::infinity(),
                       limits::quiet_NaN(),
                       -limits::quiet_NaN()};
    for (T const kind : kinds) {
        check(std::vector<T>(200, kind)); // all equal
        auto x = testing::normal_vector<T>(200, 1);
        x[3] = x[70] = x[199] = kind;
        check(x);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ties_are_decided_by_more_bits, T, scalars) {
    std::vector<T> x(500);
    for (std::size_t i = 0; i < x.size(); ++i) { // the first sixteen bits of the fraction are what the draw lacks
        double const rest = 0xffff - oracle::rounding_draw(stream(), i) + (static_cast<double>(i % 100) + 0.5) / 100;
        x[i] = static_cast<T>((1 + rest / 65536) * (i % 3 == 0 ? -8 : 0.25));
    }
    check(x);
}

BOOST_AUTO_TEST_SUITE_END()
