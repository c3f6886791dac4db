// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>

#include "oracle/random_run.hpp"

namespace {

using terse::instruction_set;
using cpu = terse::cpu;

template <class T>
using in = terse::view<cpu, T const>;
template <class T>
using out = terse::view<cpu, T>;

template <class T>
std::vector<T> noise(std::size_t n, std::uint64_t seed) {
    std::vector<T> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(4 * oracle::uniform({seed, i}) - 2);
    return x;
}

template <class T>
double apart(std::vector<T> const& a, std::vector<double> const& b) {
    double far = 0;
    for (std::size_t i = 0; i < a.size(); ++i) far = std::max(far, std::fabs(static_cast<double>(a[i]) - b[i]));
    return far;
}

template <class T>
void check(std::size_t rows, std::size_t cols, std::size_t rank) {
    auto const e = noise<T>(rows * cols, 1), g = noise<T>(rows * cols, 2), q = noise<T>(cols * rank, 3),
               p = noise<T>(rows * rank, 4);
    std::vector<double> y(rows * cols), yq(rows * rank), yp(cols * rank), less(rows * cols);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = T(0.5) * e[i] + T(2) * g[i];
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j) {
            less[i * cols + j] = y[i * cols + j];
            for (std::size_t k = 0; k < rank; ++k) {
                double const a = q[k * cols + j], b = p[k * rows + i];
                yq[k * rows + i] += y[i * cols + j] * a;
                yp[k * cols + j] += y[i * cols + j] * b;
                less[i * cols + j] -= a * b;
            }
        }
    double const bound = 40 * static_cast<double>(std::numeric_limits<T>::epsilon() * static_cast<T>(rows + cols));
    std::vector<T> first[4];
    for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
        if (!terse::supported(form)) continue;
        terse::matrix_shape const s{rows, cols, rank};
        std::vector<T> m = e, a(rows * rank), b(cols * rank);
        terse::accumulate_product<T>(T(2), in<T>(g.data(), g.size()), T(0.5), out<T>(m.data(), m.size()), s,
                                     in<T>(q.data(), q.size()), out<T>(a.data(), a.size()), form);
        BOOST_TEST(apart(m, y) <= bound);
        BOOST_TEST(apart(a, yq) <= bound);
        std::vector<T> again(rows * rank);
        terse::accumulate_product<T>(T(2), {}, T(1), out<T>(m.data(), m.size()), s, in<T>(q.data(), q.size()),
                                     out<T>(again.data(), again.size()), form);
        BOOST_TEST((again == a));
        terse::transposed_product<T>(in<T>(m.data(), m.size()), s, in<T>(p.data(), p.size()),
                                     out<T>(b.data(), b.size()), form);
        BOOST_TEST(apart(b, yp) <= bound);
        auto rest = m;
        terse::add_outer_product<T>(T(-1), in<T>(p.data(), p.size()), in<T>(q.data(), q.size()), s,
                                    out<T>(rest.data(), rest.size()), form);
        BOOST_TEST(apart(rest, less) <= bound);
        if (form == instruction_set::portable)
            first[0] = m, first[1] = a, first[2] = b, first[3] = rest;
        else // bit for bit
            BOOST_TEST((m == first[0] && a == first[1] && b == first[2] && rest == first[3]));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(low_rank)

BOOST_AUTO_TEST_CASE(products_are_right_and_the_same_with_any_instructions) {
    for (std::size_t const rows : {1u, 2u, 3u, 4u, 5u, 9u, 33u})
        for (std::size_t const cols : {1u, 7u, 8u, 15u, 16u, 17u, 40u, 130u})
            for (std::size_t const rank : {1u, 2u, 3u, 4u, 5u, 8u, 11u}) {
                check<float>(rows, cols, rank);
                check<double>(rows, cols, rank);
            }
}

BOOST_AUTO_TEST_CASE(columns_become_orthonormal) {
    for (std::size_t const rows : {4u, 5u, 17u, 5000u}) {
        auto p = noise<double>(rows * 4, rows);
        auto const length = [&](std::size_t k, std::size_t l) {
            double sum = 0;
            for (std::size_t i = 0; i < rows; ++i) sum += p[k * rows + i] * p[l * rows + i];
            return sum;
        };
        terse::orthonormalise<double>(out<double>(p.data(), p.size()), rows, 4);
        for (std::size_t k = 0; k < 4; ++k)
            for (std::size_t l = 0; l < 4; ++l) BOOST_TEST(std::fabs(length(k, l) - (k == l ? 1 : 0)) < 1e-6);
    }
    std::vector<double> zeros(12, 0.0); // stay zeros
    terse::orthonormalise<double>(out<double>(zeros.data(), 12), 4, 3);
    BOOST_TEST((zeros == std::vector<double>(12, 0.0)));
}

BOOST_AUTO_TEST_SUITE_END()
