// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include <terse/random.hpp>
#include <terse/testing/inputs.hpp>
#include <terse/wire/precision.hpp>

BOOST_AUTO_TEST_SUITE(precision_tests)

using namespace terse;
using scalars = std::tuple<float, double>;
using wire::precision;

constexpr precision both[]{precision::fp16, precision::bf16};

// The finite numbers that are not negative, by their 16 bits, which are in the order of the numbers.
template <class T>
std::vector<T> finite_values(precision p) {
    std::vector<T> all;
    for (std::uint32_t h = 0; std::isfinite(wire::from_half<T>(static_cast<std::uint16_t>(h), p)); ++h)
        all.push_back(wire::from_half<T>(static_cast<std::uint16_t>(h), p));
    return all;
}

// The nearest by search, and of two that are equally near the even one. Differences of neighbours are exact.
template <class T>
std::uint16_t nearest(T x, std::vector<T> const& all) {
    auto const size = std::abs(x);
    auto const above = static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), size) - all.begin());
    auto best = std::min(above, all.size() - 1);
    if (above > 0 && above < all.size()) {
        auto const up = static_cast<long double>(all[above]) - static_cast<long double>(size);
        auto const down = static_cast<long double>(size) - static_cast<long double>(all[above - 1]);
        if (down < up || (down == up && above % 2 == 1)) best = above - 1;
    }
    return static_cast<std::uint16_t>(best | (std::signbit(x) ? 0x8000u : 0u));
}

BOOST_AUTO_TEST_CASE(known_bits) {
    auto const fp16 = [](double x) { return wire::to_half(x, precision::fp16); };
    BOOST_TEST(fp16(1) == 0x3c00);
    BOOST_TEST(fp16(-2) == 0xc000);
    BOOST_TEST(fp16(0.1) == 0x2e66);
    BOOST_TEST(fp16(65504) == 0x7bff);
    BOOST_TEST(fp16(0x1p-14) == 0x0400);
    BOOST_TEST(fp16(0x1p-24) == 0x0001);
    BOOST_TEST(fp16(0x1p-25) == 0x0000); // a tie: to the even zero
    BOOST_TEST(fp16(0x1.0000000000001p-25) == 0x0001);
    BOOST_TEST(fp16(0x1.002p0) == 0x3c00); // a tie; rounded to float first, the next would be one as well
    BOOST_TEST(fp16(0x1.0020000000001p0) == 0x3c01);
    BOOST_TEST(wire::to_half(1.0f, precision::bf16) == 0x3f80);
    BOOST_TEST(wire::to_half(0x1.01p0f, precision::bf16) == 0x3f80);
    BOOST_TEST(wire::to_half(0x1.03p0f, precision::bf16) == 0x3f82);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_rounded_comes_back, T, scalars) {
    for (auto const p : both)
        for (std::uint32_t h = 0; h < 0x10000; ++h) {
            auto const x = wire::from_half<T>(static_cast<std::uint16_t>(h), p);
            BOOST_REQUIRE(wire::to_half(x, p) == h); // NaN with its bits, too
            auto y = x;
            auto const lost = wire::round_to(p, y);
            BOOST_REQUIRE(testing::same_bits(x, y));
            BOOST_REQUIRE((std::isnan(x) || lost == 0));
        }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(values_go_to_the_nearest_and_ties_to_even, T, scalars) {
    for (auto const p : both) {
        auto const all = finite_values<T>(p);
        BOOST_TEST(all.size() == (p == precision::fp16 ? 0x7c00u : 0x7f80u));
        auto const agree = [&](T x) {
            BOOST_REQUIRE(wire::to_half(x, p) == nearest(x, all));
            BOOST_REQUIRE(wire::to_half(-x, p) == nearest(-x, all));
        };
        for (std::size_t h = 0; h + 1 < all.size(); ++h) {
            auto const middle = all[h] / 2 + all[h + 1] / 2;
            agree(middle);
            agree(std::nextafter(middle, T(0)));
            agree(std::nextafter(middle, std::numeric_limits<T>::max()));
        }
        random_stream const random(3, purpose::user);
        constexpr int lowest = std::numeric_limits<T>::min_exponent - std::numeric_limits<T>::digits;
        constexpr std::uint64_t exponents = std::numeric_limits<T>::max_exponent - lowest;
        for (std::uint64_t i = 0; i < 100000; ++i)
            agree(static_cast<T>(
                std::ldexp(random.uniform(2 * i), lowest + static_cast<int>(random.below(2 * i + 1, exponents)))));
        for (T const x :
             {std::numeric_limits<T>::max(), std::numeric_limits<T>::min(), std::numeric_limits<T>::denorm_min(), T(0)})
            agree(x);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_not_finite_stays_so, T, scalars) {
    using limits = std::numeric_limits<T>;
    for (auto const p : both) {
        auto const there_and_back = [p](T x) { return wire::from_half<T>(wire::to_half(x, p), p); };
        BOOST_TEST(there_and_back(limits::infinity()) == limits::infinity());
        BOOST_TEST(there_and_back(-limits::infinity()) == -limits::infinity());
        BOOST_TEST(std::isnan(there_and_back(limits::quiet_NaN())));
        BOOST_TEST(std::isnan(there_and_back(limits::signaling_NaN())));
        BOOST_TEST(std::isfinite(there_and_back(limits::max())));
    }
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    auto const lowest = std::bit_cast<T>(static_cast<bits>(std::bit_cast<bits>(limits::infinity()) + 1));
    for (auto const p : both) BOOST_TEST(std::isnan(wire::from_half<T>(wire::to_half(lowest, p), p)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_rounding_takes_off_is_exact, T, scalars) {
    random_stream const random(4, purpose::user);
    for (auto const p : both)
        for (std::uint64_t i = 0; i < 1000; ++i) {
            auto const x = static_cast<T>(random.normal(i));
            auto y = x;
            auto const lost = wire::round_to(p, y);
            BOOST_REQUIRE(y + lost == x);
            BOOST_REQUIRE(std::abs(lost) <= std::abs(x) * (p == precision::fp16 ? T(0x1p-11) : T(0x1p-8)) + T(0x1p-25));
        }
    T x = T(0.1);
    BOOST_TEST(wire::round_to(precision::full, x) == 0);
    BOOST_TEST(x == T(0.1));
    x = T(1e6);
    BOOST_TEST(wire::round_to(precision::fp16, x) == T(1e6) - T(65504));
    BOOST_TEST(x == T(65504));
}

BOOST_AUTO_TEST_SUITE_END()
