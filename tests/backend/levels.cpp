// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/testing/inputs.hpp>
#include <terse/wire/levels.hpp>

#include "oracle/rounding_draw.hpp"

// Numbers in levels: every form of the loops beside plain ones.
BOOST_AUTO_TEST_SUITE(levels)

namespace testing = terse::testing;
using terse::cpu;
using terse::instruction_set;
using terse::level_grid;
using terse::view;

using scalars = boost::mpl::list<float, double>;

constexpr std::array<instruction_set, 3> forms{instruction_set::portable, instruction_set::avx2,
                                               instruction_set::avx512};

terse::random_stream stream(std::uint64_t round = 0) { return {5, terse::purpose::rounding, 2, round}; }

template <class T>
std::int32_t expected_level(T x, T unit, std::uint32_t s, std::size_t i, terse::random_stream const& random) {
    if (!(unit > 0) || std::isnan(x)) return 0;
    int const shift = sizeof(T) == 4 ? (unit < T(0x1p-100) ? 100 : 0) : (unit < static_cast<T>(0x1p-900) ? 600 : 0);
    T r = std::ldexp(std::fabs(x), shift) * (65536 / std::ldexp(unit, shift)) / 65536;
    if (r > static_cast<T>(s)) r = static_cast<T>(s);
    auto const below = std::floor(r);
    double const fraction = static_cast<double>(r - below) * 65536;
    double const threshold = 65535 - oracle::rounding_draw(random, i) + oracle::rounding_tail(random, i);
    auto const level = static_cast<std::int32_t>(below) + (threshold < fraction ? 1 : 0);
    return x < 0 ? -level : level;
}

template <class T>
void check(std::vector<T> const& x, level_grid const& grid, std::string const& what) {
    auto const d = x.size();
    auto const random = stream(d);
    std::vector<T> const e0 = testing::normal_vector<T>(d, 9);
    for (auto const form : forms) {
        if (!terse::supported(form)) continue;
        std::vector<T> units(grid.buckets(d));
        std::vector<std::uint64_t> words(grid.words(d) + 1, 0x5555555555555555);
        view<cpu, std::uint64_t> const w(words.data(), words.size() - 1);
        view<cpu, T> const u(units.data(), units.size());
        terse::quantize<T>({x.data(), d}, grid, u, w, random, form);
        BOOST_TEST_REQUIRE(words.back() == 0x5555555555555555u, what);
        auto y = e0;
        auto sum = e0;
        terse::add_levels<T>(T(0.7), w, u, grid, {y.data(), d}, form);
        bool same = true;
        for (std::size_t i = 0; i < d; ++i) {
            auto const level = expected_level(x[i], units[i / grid.bucket], grid.levels, i, random);
            same = same && terse::level_at(words.data(), i, grid.width()) == level;
            sum[i] += T(0.7) * units[i / grid.bucket] * static_cast<T>(level);
        }
        BOOST_TEST_REQUIRE(same, what << ", d = " << d << ", form " << static_cast<int>(form));
        BOOST_TEST_REQUIRE(testing::same_bits(y, sum), what << ", d = " << d);

        // The same from e and g in one pass.
        auto e = e0;
        auto rest = e0;
        std::vector<T> v(d);
        for (std::size_t i = 0; i < d; ++i) v[i] = rest[i] = T(0.9) * e0[i] + T(0.7) * x[i];
        std::vector<T> own(units.size());
        auto taken = words;
        terse::take_quantized<T>(T(0.7), {x.data(), d}, T(0.9), {e.data(), d}, grid, {own.data(), own.size()},
                                 {taken.data(), taken.size() - 1}, random, form);
        terse::quantize<T>({v.data(), d}, grid, u, w, random, instruction_set::portable);
        terse::add_levels<T>(T(-1), w, u, grid, {rest.data(), d}, instruction_set::portable);
        BOOST_TEST_REQUIRE((taken == words && testing::same_bits(own, units)), what << ", d = " << d);
        BOOST_TEST_REQUIRE(testing::same_bits(e, rest), what << ", d = " << d);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_form_is_the_plain_loop, T, scalars) {
    for (auto const which : {terse::norm::l2, terse::norm::linf})
        for (std::uint32_t const s : {1u, 2u, 3u, 7u, 15u, 127u, 128u, 32767u})
            for (std::size_t const d : {1u, 2u, 63u, 64u, 65u, 130u, 512u, 1000u, 4097u})
                for (std::size_t const bucket : {std::size_t{1}, std::size_t{48}, std::size_t{64}, std::size_t{512}, d})
                    check(testing::normal_vector<T>(d, d), {.levels = s, .bucket = bucket, .norm = which}, "normal");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(numbers_of_all_kinds, T, scalars) {
    for (std::size_t const d : {1u, 64u, 200u}) {
        auto kinds = testing::finite_inputs<T>(d, std::numeric_limits<T>::max());
        for (auto const& more : testing::non_finite_inputs<T>(d)) kinds.push_back(more);
        for (auto const& in : kinds)
            for (auto const which : {terse::norm::l2, terse::norm::linf})
                for (std::uint32_t const s : {1u, 7u, 127u, 32767u})
                    for (std::size_t const bucket : {std::size_t{64}, std::size_t{128}, d})
                        check(in.values, {.levels = s, .bucket = bucket, .norm = which}, in.name);
    }
}

// Where sixteen bits do not decide, which is in one case of 65,536.
BOOST_AUTO_TEST_CASE_TEMPLATE(ties_are_decided_by_more_bits, T, scalars) {
    constexpr std::size_t d = 64;
    std::size_t up = 0, ties = 0;
    for (std::uint64_t round = 0; round < 400; ++round) {
        auto const random = stream(round);
        std::vector<T> x(d), units{T(1)};
        for (std::size_t i = 0; i < d; ++i)
            x[i] = (static_cast<T>(65535 - oracle::rounding_draw(random, i)) + T(0.25)) / 65536; // all tie
        for (auto const form : forms) {
            if (!terse::supported(form)) continue;
            level_grid const grid{.levels = 7, .bucket = d, .norm = terse::norm::given};
            std::vector<std::uint64_t> words(grid.words(d));
            terse::quantize<T>({x.data(), d}, grid, {units.data(), 1}, {words.data(), words.size()}, random, form);
            for (std::size_t i = 0; i < d; ++i) {
                BOOST_REQUIRE(terse::level_at(words.data(), i, 4) == expected_level(x[i], T(1), 7, i, random));
                up += static_cast<std::size_t>(terse::level_at(words.data(), i, 4));
                ++ties;
            }
        }
    }
    BOOST_TEST(std::fabs(static_cast<double>(up) / static_cast<double>(ties) - 0.25) < 0.02);
}

// s u reaches the norm, and is finite.
BOOST_AUTO_TEST_CASE_TEMPLATE(units, T, scalars) {
    constexpr auto most = std::numeric_limits<T>::max();
    constexpr auto least = std::numeric_limits<T>::denorm_min();
    for (std::uint32_t s = 1; s <= terse::level_grid::most_levels; s = 2 * s + 1)
        for (T const norm :
             {T(0), least, 100 * least, std::numeric_limits<T>::min(), T(0.1), T(1), T(3), most / 3, most}) {
            auto const unit = terse::unit_of<T>(static_cast<double>(norm), s);
            BOOST_TEST(std::isfinite(unit * static_cast<T>(s)));
            if (norm < most / 2) BOOST_TEST(unit * static_cast<T>(s) >= norm * (1 - std::numeric_limits<T>::epsilon()));
            if (norm > 0) BOOST_TEST(unit > 0);
        }
    BOOST_TEST(std::isnan(terse::unit_of<T>(HUGE_VAL, 7)));
    BOOST_TEST(std::isnan(terse::unit_of<T>(std::nan(""), 7)));
    BOOST_TEST(std::isfinite(terse::unit_of<T>(std::numeric_limits<double>::max(), 1)));
}

BOOST_AUTO_TEST_CASE(no_coordinates_have_no_buckets) {
    BOOST_TEST((terse::level_grid{.bucket = 0}.buckets(0)) == 0u);
    terse::level_message<terse::cpu, float> m;
    m.reset(0, {.bucket = 0}, terse::level_coding{});
    BOOST_TEST(m.dimension() == 0u);
}

// A norm that T cannot hold gets the largest unit that will do, and soon: steps from the largest number would take
// minutes.
BOOST_AUTO_TEST_CASE_TEMPLATE(units_of_norms_that_are_too_large, T, scalars) {
    for (std::uint32_t s = 1; s <= terse::level_grid::most_levels; ++s) {
        auto const unit = terse::unit_of<T>(std::numeric_limits<double>::max(), s);
        BOOST_REQUIRE(std::isfinite(unit * static_cast<T>(s)));
        if (sizeof(T) == sizeof(float))
            BOOST_REQUIRE(s == 1 || std::isinf(std::nextafter(unit, HUGE_VALF) * static_cast<T>(s)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
