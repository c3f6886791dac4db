// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <cmath>

#include <terse/compressor/random_support.hpp>

BOOST_AUTO_TEST_SUITE(random_support_tests)

using namespace terse;

std::vector<std::size_t> drawn(std::size_t d, std::size_t k, std::uint64_t round) {
    scratch<cpu> temporary;
    buffer<cpu, index_t> found(k);
    random_support(random_stream(1, purpose::support, 0, round), d, view<cpu, index_t>(found), temporary);
    return {found.data(), found.data() + k};
}

BOOST_AUTO_TEST_CASE(indices_are_ascending_and_below_d) {
    for (std::size_t const d : {1u, 2u, 3u, 63u, 64u, 65u, 1000u})
        for (std::size_t k = 0; k <= d; k += d < 70 ? 1 : 111)
            for (std::uint64_t round = 0; round < 5; ++round) {
                auto const s = drawn(d, k, round);
                for (std::size_t j = 1; j < k; ++j) BOOST_TEST_REQUIRE(s[j - 1] < s[j]);
                if (k > 0) BOOST_TEST_REQUIRE(s.back() < d);
            }
}

// The first k distinct draws, or all but the first d - k of them.
std::vector<index_t> first_distinct(std::size_t d, std::size_t k, random_stream const& random) {
    std::vector<bool> chosen(d);
    bool const inverted = k > d / 2;
    std::uint64_t draw = 0;
    for (auto left = inverted ? d - k : k; left > 0;) {
        auto const i = random.below(draw++, d);
        left -= chosen[i] ? 0 : 1;
        chosen[i] = true;
    }
    std::vector<index_t> expected;
    for (std::size_t i = 0; i < d; ++i)
        if (chosen[i] != inverted) expected.push_back(i);
    return expected;
}

BOOST_AUTO_TEST_CASE(the_draws_are_the_stream_s) {
    for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512})
        for (std::size_t const d : {1u, 5u, 100u, 1000u, 70001u}) {
            if (!supported(form)) continue;
            for (std::size_t k = 0; k <= d; k += d <= 100 ? 1 : d <= 1000 ? 37 : k < 200 ? 97 : 5801) {
                random_stream const random(1, purpose::support, 0, k);
                std::vector<std::uint64_t> words((d + 63) / 64, ~std::uint64_t{0}); // whatever was there
                std::vector<index_t> found(k);
                draw_support(random, d, words, found, form);
                BOOST_TEST_REQUIRE((found == first_distinct(d, k, random)));
            }
        }
}

// All C(6, k) sets equally often: chi-square with up to 19 degrees of freedom, whose 1 - 1e-6 quantile is below 65.
BOOST_AUTO_TEST_CASE(every_set_is_equally_likely) {
    for (std::size_t k = 1; k <= 5; ++k) {
        std::vector<double> times(64);
        constexpr int draws = 20000;
        for (std::uint64_t round = 0; round < draws; ++round) {
            std::size_t set = 0;
            for (auto const i : drawn(6, k, round)) set |= std::size_t{1} << i;
            ++times[set];
        }
        double const sets = k == 1 || k == 5 ? 6 : k == 3 ? 20 : 15;
        double chi_square = 0, seen = 0;
        for (auto const n : times) {
            if (n == 0) continue;
            ++seen;
            chi_square += (n - draws / sets) * (n - draws / sets) / (draws / sets);
        }
        BOOST_TEST(seen == sets);
        BOOST_TEST(chi_square < 65);
    }
}

BOOST_AUTO_TEST_SUITE_END()
