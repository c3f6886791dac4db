// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <terse/backend/cpu.hpp>

#include "oracle/random_run.hpp"

namespace {

using terse::instruction_set;
using terse::view;
using cpu = terse::cpu;

template <class T>
std::vector<T> noise(std::size_t n, std::uint64_t seed) {
    std::vector<T> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(4 * oracle::uniform({seed, i}) - 2);
    return x;
}

terse::sketch_plan plan_of(std::size_t rows, std::size_t columns, terse::sketch_hashing how) {
    return {rows, columns, how, terse::random_stream(7, terse::purpose::hashing)};
}

// Coordinate by coordinate, row by row.
template <class T>
void check(std::size_t d, std::size_t rows, std::size_t columns, terse::sketch_hashing how) {
    auto const plan = plan_of(rows, columns, how);
    auto const g = noise<T>(d, 1);
    auto const e = noise<T>(d, 2);
    std::vector<T> y = e, table(plan.size(), T(0)), estimates(d);
    for (std::size_t i = 0; i < d; ++i) y[i] = T(0.5) * y[i] + T(2) * g[i];
    for (std::size_t i = 0; i < d; ++i)
        for (std::size_t row = 0; row < rows; ++row) {
            auto const p = plan(row, i);
            table[p.at] += p.negative ? -y[i] : y[i];
        }
    for (std::size_t i = 0; i < d; ++i) {
        std::vector<T> found;
        for (std::size_t row = 0; row < rows; ++row) {
            auto const p = plan(row, i);
            found.push_back(p.negative ? -table[p.at] : table[p.at]);
        }
        std::sort(found.begin(), found.end());
        estimates[i] = found[rows / 2];
    }
    for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
        if (!terse::supported(form)) continue;
        std::vector<T> made = e, sketched(plan.size(), T(9)), medians(d, T(9));
        terse::accumulate_sketch<T>(T(2), view<cpu, T const>(g.data(), d), T(0.5), view<cpu, T>(made.data(), d), plan,
                                    view<cpu, T>(sketched.data(), sketched.size()), form);
        BOOST_TEST((made == y));
        BOOST_TEST((sketched == table), d << " x " << rows << " x " << columns);
        terse::estimate_from_sketch<T>(view<cpu, T const>(table.data(), table.size()), plan,
                                       view<cpu, T>(medians.data(), d), form);
        BOOST_TEST((medians == estimates), d << " x " << rows << " x " << columns);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(sketch)

BOOST_AUTO_TEST_CASE(is_as_defined_with_any_instructions) {
    for (std::size_t const d : {1u, 2u, 15u, 16u, 17u, 31u, 255u, 256u, 257u, 300u, 4096u, 5001u})
        for (std::size_t const rows : {1u, 3u, 5u, 7u, 11u}) {
            check<float>(d, rows, 64, terse::sketch_hashing::blocks);
            check<double>(d, rows, 16, terse::sketch_hashing::blocks);
            check<float>(d, rows, 37, terse::sketch_hashing::classic);
            check<double>(d, rows, 1, terse::sketch_hashing::classic);
        }
    for (std::size_t const rows : {1u, 5u}) // more than goes to a row at once
        check<float>(40'001, rows, 160, terse::sketch_hashing::blocks);
    check<float>(300, 255, 32, terse::sketch_hashing::blocks); // as many rows as there may be
}

// Places are spread evenly, pairs collide as often as chance has it, and signs are as often + as -, alone and in pairs.
BOOST_AUTO_TEST_CASE(hashes_look_independent) {
    constexpr std::size_t d = 1 << 16, columns = 256;
    for (auto const how : {terse::sketch_hashing::blocks, terse::sketch_hashing::classic}) {
        auto const plan = plan_of(3, columns, how);
        for (std::size_t row = 0; row < 3; ++row) {
            std::vector<double> load(columns);
            for (std::size_t i = 0; i < d; ++i) ++load[plan(row, i).at - row * columns];
            double chi = 0;
            double const mean = static_cast<double>(d) / columns;
            for (double const n : load) chi += (n - mean) * (n - mean) / mean;
            // chi^2 of 255 degrees (with blocks of 15 degrees, sixteenfold): mean 255, deviation 22.6 (or 88)
            double const deviation = how == terse::sketch_hashing::blocks ? 88 : 22.6;
            BOOST_TEST(std::fabs(chi - 255) < 5 * deviation);
            for (std::size_t const gap : {1u, 16u, 17u, 1024u, 4096u}) {
                double together = 0, alike = 0, sum = 0;
                for (std::size_t i = 0; i + gap < d; ++i) {
                    auto const a = plan(row, i), b = plan(row, i + gap);
                    together += a.at == b.at;
                    alike += (a.negative == b.negative ? 1 : -1);
                    sum += a.negative ? -1 : 1;
                }
                BOOST_TEST(std::fabs(alike) < 5 * std::sqrt(d));
                BOOST_TEST(std::fabs(sum) < 5 * std::sqrt(d));
                if (how == terse::sketch_hashing::blocks && gap < 16)
                    BOOST_TEST(together <= d / 16); // only across blocks
                else
                    BOOST_TEST(std::fabs(together - mean) < 5 * std::sqrt(mean * 16));
            }
        }
        double same = 0; // between rows
        for (std::size_t i = 0; i < d; ++i) same += plan(0, i).at == plan(1, i).at - columns;
        BOOST_TEST(std::fabs(same - 256) < 5 * 64);
    }
}

BOOST_AUTO_TEST_SUITE_END()
