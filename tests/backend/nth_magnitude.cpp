// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/backend/cpu/nth_by_counting.hpp>
#include <terse/backend/cpu/nth_magnitude.hpp>

BOOST_AUTO_TEST_SUITE(nth_magnitude_tests)

using terse::cpu;
using terse::view;

using scalars = boost::mpl::list<float, double>;

BOOST_AUTO_TEST_CASE_TEMPLATE(is_what_sorting_finds, T, scalars) {
    terse::random_stream const random(1, terse::purpose::user);
    std::uint64_t draw = 0;
    for (std::size_t const d : {1u, 2u, 31u, 32u, 33u, 255u, 256u, 257u, 5000u, 65536u, 70000u})
        for (int kind = 0; kind < 6; ++kind) {
            std::vector<T> x(d);
            for (std::size_t i = 0; i < d; ++i) {
                auto const u = random.uniform(draw++) - 0.5;
                if (kind == 0) x[i] = static_cast<T>(u);
                if (kind == 1) x[i] = T(-3);
                if (kind == 2) x[i] = static_cast<T>(std::round(4 * u));
                if (kind == 3) x[i] = static_cast<T>(1 + 1e-7 * u);
                if (kind == 4) x[i] = static_cast<T>(u) * std::numeric_limits<T>::denorm_min() * T(1e3);
                if (kind == 5) x[i] = static_cast<T>(std::pow(10.0, 60 * u));
            }
            std::vector<terse::magnitude_t<T>> sorted;
            for (auto const v : x) sorted.push_back(terse::magnitude(v));
            std::sort(sorted.begin(), sorted.end(), std::greater<>());
            for (std::size_t const n : {std::size_t{1}, d / 7 + 1, d / 2 + 1, d}) {
                auto const found = terse::nth_magnitude<T>(view<cpu, T const>(x.data(), d), n);
                BOOST_TEST(found.magnitude == sorted[n - 1]);
                auto const above = std::lower_bound(sorted.begin(), sorted.end(), sorted[n - 1], std::greater<>());
                BOOST_TEST(found.above == static_cast<std::size_t>(above - sorted.begin()));
                // The same when those outside a window are not looked at.
                auto const window =
                    terse::nth_magnitude<T>(view<cpu, T const>(x.data(), d), n, sorted.back(), sorted[0]);
                BOOST_TEST(window.magnitude == found.magnitude);
                BOOST_TEST(window.above == found.above);
                for (auto const form :
                     {terse::instruction_set::portable, terse::instruction_set::avx2, terse::instruction_set::avx512})
                    if (terse::supported(form)) {
                        std::vector<T> room(d + terse::candidate_slack);
                        auto const counted = terse::nth_by_counting<T>(
                            view<cpu, T const>(x.data(), d), n, d % 2 == 0 ? 0 : sorted.back(),
                            d % 2 == 0 ? terse::largest_magnitude<T> : sorted[0], room.data(), {form});
                        BOOST_TEST(counted.magnitude == found.magnitude);
                        BOOST_TEST(counted.above == found.above);
                    }
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
