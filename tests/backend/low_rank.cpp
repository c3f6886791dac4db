// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <tuple>
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
        terse::accumulate_product<T>(T(2), in<T>(g.data(), g.size()), {}, T(0.5), out<T>(m.data(), m.size()), s,
                                     in<T>(q.data(), q.size()), out<T>(a.data(), a.size()), form);
        BOOST_TEST(apart(m, y) <= bound);
        BOOST_TEST(apart(a, yq) <= bound);
        std::vector<T> again(rows * rank);
        terse::accumulate_product<T>(T(2), {}, {}, T(1), out<T>(m.data(), m.size()), s, in<T>(q.data(), q.size()),
                                     out<T>(again.data(), again.size()), form);
        BOOST_TEST((again == a));
        // A term that g still has to lose.
        auto less_g = g;
        terse::add_outer_product<T>(T(-1), in<T>(p.data(), p.size()), in<T>(q.data(), q.size()), s,
                                    out<T>(less_g.data(), less_g.size()), form);
        std::vector<T> settled = e, joined = e, product(rows * rank);
        terse::accumulate_product<T>(T(2), in<T>(less_g.data(), less_g.size()), {}, T(0.5),
                                     out<T>(settled.data(), settled.size()), s, in<T>(q.data(), q.size()),
                                     out<T>(again.data(), again.size()), form);
        terse::low_rank_term<cpu, T> const term{in<T>(p.data(), p.size()), in<T>(q.data(), q.size())};
        terse::accumulate_product<T>(T(2), in<T>(g.data(), g.size()), term, T(0.5),
                                     out<T>(joined.data(), joined.size()), s, in<T>(q.data(), q.size()),
                                     out<T>(product.data(), product.size()), form);
        BOOST_TEST((joined == settled && product == again));
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

using checked_scalars = std::tuple<float, double>;

} // namespace

BOOST_AUTO_TEST_SUITE(low_rank)

BOOST_AUTO_TEST_CASE(products_are_right_and_the_same_with_any_instructions) {
    for (std::size_t const cols : {512u, 1024u, 1025u, 2500u}) { // several blocks of columns
        check<float>(6, cols, 4);
        check<double>(9, cols, 3);
    }
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
            for (std::size_t l = 0; l < 4; ++l) BOOST_TEST(std::fabs(length(k, l) - (k == l ? 1 : 0)) < 1e-14);
    }
    std::vector<double> zeros(12, 0.0); // stay zeros
    terse::orthonormalise<double>(out<double>(zeros.data(), 12), 4, 3);
    BOOST_TEST((zeros == std::vector<double>(12, 0.0)));
}

// rows x rank numbers of a lower rank, whose last `dead` rows are zeros.
template <class T>
std::vector<T> dependent_columns(std::size_t rows, std::size_t rank, std::size_t lower, std::size_t dead,
                                 std::uint64_t seed) {
    auto const a = noise<T>(rows * lower, seed), b = noise<T>(rank * lower, seed + 100);
    std::vector<T> p(rows * rank, T(0));
    for (std::size_t k = 0; k < rank; ++k)
        for (std::size_t i = 0; i + dead < rows; ++i)
            for (std::size_t l = 0; l < lower; ++l) p[k * rows + i] += a[l * rows + i] * b[l * rank + k];
    return p;
}

BOOST_AUTO_TEST_CASE_TEMPLATE(columns_that_depend_on_each_other_become_orthonormal_too, T, checked_scalars) {
    double const eps = std::numeric_limits<T>::epsilon();
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
        for (std::size_t const rows : {6u, 17u, 300u})
            for (std::size_t const lower : {1u, 3u, 6u})
                for (std::size_t const dead : {0u, 2u})
                    for (T const size : {T(1), T(1e-9), T(1e9)}) {
                        std::size_t const rank = 6;
                        auto p = dependent_columns<T>(rows, rank, lower, dead, seed);
                        for (auto& x : p) x *= size;
                        auto const given = p;
                        terse::orthonormalise<T>(out<T>(p.data(), p.size()), rows, rank);
                        auto const times = [&](std::size_t k, T const* x) {
                            double sum = 0;
                            for (std::size_t i = 0; i < rows; ++i)
                                sum += static_cast<double>(p[k * rows + i]) * static_cast<double>(x[i]);
                            return sum;
                        };
                        std::size_t unit = 0;
                        double worst = 0;
                        for (std::size_t k = 0; k < rank; ++k) {
                            bool const some = times(k, &p[k * rows]) > 0.5;
                            unit += some ? 1 : 0;
                            for (std::size_t l = 0; l < rank; ++l)
                                worst =
                                    std::max(worst, std::fabs(times(k, &p[l * rows]) - (k == l && some ? 1.0 : 0.0)));
                            for (std::size_t i = rows - dead; i < rows; ++i) BOOST_TEST(p[k * rows + i] == T(0));
                        }
                        BOOST_TEST(worst < 40 * eps);
                        BOOST_TEST(unit >= std::min(lower, rows - dead));
                        BOOST_TEST(unit <= rows - dead);
                        for (std::size_t l = 0; l < rank; ++l) { // they span what they spanned
                            double lost = 0, all = 0;
                            std::vector<double> along(rank);
                            for (std::size_t k = 0; k < rank; ++k) along[k] = times(k, &given[l * rows]);
                            for (std::size_t i = 0; i < rows; ++i) {
                                double rest = given[l * rows + i];
                                for (std::size_t k = 0; k < rank; ++k)
                                    rest -= along[k] * static_cast<double>(p[k * rows + i]);
                                lost += rest * rest;
                                all +=
                                    static_cast<double>(given[l * rows + i]) * static_cast<double>(given[l * rows + i]);
                            }
                            BOOST_TEST(std::sqrt(lost) <= 400 * eps * std::sqrt(all));
                        }
                    }
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_stays_so) {
    auto const nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
    for (double const bad : {nan, infinity, -infinity})
        for (std::size_t const at : {0u, 5u, 10u}) {
            auto p = noise<double>(12, 1);
            p[at] = bad;
            terse::orthonormalise<double>(out<double>(p.data(), 12), 4, 3);
            bool finite = true;
            for (double const x : p) finite = finite && std::isfinite(x);
            BOOST_TEST(!finite);
        }
}

BOOST_AUTO_TEST_SUITE_END()
