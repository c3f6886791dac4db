// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/testing/inputs.hpp>

// Every verb beside the loop that it stands for.
BOOST_AUTO_TEST_SUITE(cpu_tests)

using namespace terse;
using scalars = std::tuple<float, double>;
using testing::normal_vector;
using testing::same_bits;

static_assert(Backend<cpu, float> && Backend<cpu, double>);

constexpr std::array<std::size_t, 14> sizes{0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 1007, 4097, 5005, 10000};

template <class T>
view<cpu, T> all(std::vector<T>& v) {
    return {v.data(), v.size()};
}
template <class T>
view<cpu, T const> all(std::vector<T> const& v) {
    return {v.data(), v.size()};
}

// verb(y) and, for each i, y[i] = formula(y[i], i).
template <class T, class Verb, class Formula>
void same(std::vector<T> y, Verb verb, Formula formula) {
    auto expected = y;
    for (std::size_t i = 0; i < y.size(); ++i) expected[i] = formula(expected[i], i);
    verb(all(y));
    BOOST_TEST_REQUIRE(same_bits(y, expected), "n = " << y.size());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(accumulation_finds_the_first_that_is_not_finite, T, scalars) {
    constexpr T infinity = std::numeric_limits<T>::infinity();
    for (auto const n : sizes) {
        auto const x = normal_vector<T>(n, 1), y = normal_vector<T>(n, 2);
        for (T const a : {T(1), T(0.1)})
            for (T const b : {T(1), T(3)}) {
                auto expected = y, got = y;
                cpu::axpby(a, all(x), b, all(expected));
                BOOST_TEST(cpu::accumulate(a, all(x), b, all(got)) == n);
                BOOST_TEST_REQUIRE(same_bits(got, expected), "n = " << n);
            }
        for (std::size_t bad = 0; bad < n; bad = 2 * bad + 1)
            for (T const kind : {infinity, -infinity, std::numeric_limits<T>::quiet_NaN()}) {
                auto in_x = x, got = y;
                in_x[bad] = kind;
                in_x[n - 1] = kind;
                BOOST_TEST(cpu::accumulate(1, all(in_x), 1, all(got)) == bad);
                auto in_y = y;
                in_y[bad] = kind;
                BOOST_TEST(cpu::accumulate(1, all(x), 1, all(in_y)) == bad);
            }
    }
    std::vector<T> huge(5, std::numeric_limits<T>::max()), sum = huge;
    sum[0] = sum[1] = 0;
    BOOST_TEST(cpu::accumulate(1, all(huge), 1, all(sum)) == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(element_by_element, T, scalars) {
    for (auto const n : sizes) {
        auto const x = normal_vector<T>(n, 1), z = normal_vector<T>(n, 2), y = normal_vector<T>(n, 3);
        same(
            y, [](auto v) { cpu::fill(v, 3); }, [](T, std::size_t) { return T(3); });
        same(
            y, [&](auto v) { cpu::copy(all(x), v); }, [&](T, std::size_t i) { return x[i]; });
        for (T const a : {T(0), T(1), T(-1), T(0.1), T(3)}) {
            same(
                y, [&](auto v) { cpu::axpy(a, all(x), v); }, [&](T v, std::size_t i) { return v + a * x[i]; });
            same(
                y, [&](auto v) { cpu::scale(a, v); }, [&](T v, std::size_t) { return v * a; });
            same(
                y, [&](auto v) { cpu::combine(all(x), a, all(z), v); },
                [&](T, std::size_t i) { return x[i] + a * z[i]; });
            for (T const b : {T(0), T(1), T(-1), T(0.9)})
                same(
                    y, [&](auto v) { cpu::axpby(a, all(x), b, v); },
                    [&](T v, std::size_t i) { return b * v + a * x[i]; });
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gather_and_scatter, T, scalars) {
    for (auto const n : sizes) {
        auto const x = normal_vector<T>(n, 1);
        std::vector<index_t> indices;
        for (std::size_t i = n % 3; i < n; i += 1 + i % 4) indices.push_back(i);
        std::vector<T> y(indices.size());
        cpu::gather(all(x), all(std::as_const(indices)), all(y));
        for (std::size_t j = 0; j < y.size(); ++j) BOOST_TEST_REQUIRE(y[j] == x[indices[j]]);

        auto const before = normal_vector<T>(n, 2);
        auto added = before, filled = before;
        cpu::scatter_axpy(T(0.3), all(std::as_const(indices)), all(std::as_const(y)), all(added));
        cpu::scatter_fill(all(std::as_const(indices)), T(4), all(filled));
        std::size_t j = 0;
        for (std::size_t i = 0; i < n; ++i) {
            bool const hit = j < indices.size() && indices[j] == i;
            BOOST_TEST_REQUIRE(added[i] == (hit ? before[i] + T(0.3) * y[j] : before[i]));
            BOOST_TEST_REQUIRE(filled[i] == (hit ? T(4) : before[i]));
            j += hit ? 1 : 0;
        }
        std::vector<index_t> sequence(n);
        cpu::sequence(5, 3, all(sequence));
        for (std::size_t i = 0; i < n; ++i) BOOST_TEST_REQUIRE(sequence[i] == 5 + 3 * i);
    }
}

// The order as its words say: sixteen lanes within 4,096 terms, lanes as a tree, blocks one after the other.
double in_order(std::vector<double> const& terms) {
    double total = 0;
    for (std::size_t begin = 0; begin < terms.size(); begin += 4096) {
        double lane[16] = {};
        for (std::size_t i = begin; i < std::min(begin + 4096, terms.size()); ++i) lane[(i - begin) % 16] += terms[i];
        for (int half = 8; half > 0; half /= 2)
            for (int j = 0; j < half; ++j) lane[j] += lane[j + half];
        total += lane[0];
    }
    return total;
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sums_have_one_order, T, scalars) {
    for (auto const n : sizes) {
        auto const x = normal_vector<T>(n, 5);
        std::vector<double> magnitudes, squares;
        for (auto const v : x) {
            magnitudes.push_back(std::fabs(static_cast<double>(v)));
            squares.push_back(static_cast<double>(v) * static_cast<double>(v));
        }
        BOOST_TEST(same_bits(cpu::sum_of_magnitudes(all(x)), in_order(magnitudes)));
        BOOST_TEST(same_bits(cpu::sum_of_squares(all(x)), in_order(squares)));
        for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
            if (!supported(form)) continue;
            BOOST_TEST(same_bits(fixed_order_sum<terse::magnitudes, T>(all(x), form), in_order(magnitudes)));
            BOOST_TEST(same_bits(fixed_order_sum<terse::squares, T>(all(x), form), in_order(squares)));
        }
        double const plain = std::accumulate(squares.begin(), squares.end(), 0.0);
        BOOST_TEST(std::fabs(cpu::sum_of_squares(all(x)) - plain) <= 1e-12 * plain);
    }
}

// The same bits from every compiler, with any vector instructions and at any optimisation.
BOOST_AUTO_TEST_CASE(sums_have_known_bits) {
    random_stream const r(6, purpose::data);
    for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
        if (!supported(form)) continue;
        std::uint64_t hash = 0xcbf29ce484222325;
        for (std::size_t n = 1; n < 20000; n = n * 3 / 2 + 1) {
            // Terms of many sizes, so that another order has other bits.
            std::vector<double> x(n);
            for (std::size_t i = 0; i < n; ++i)
                x[i] = (r.uniform(2 * i) - 0.5) * static_cast<double>(std::uint64_t{1} << r.below(2 * i + 1, 60));
            auto const sum = fixed_order_sum<terse::magnitudes, double>(all(x), form);
            hash = (hash ^ std::bit_cast<std::uint64_t>(sum)) * 0x100000001b3;
        }
        BOOST_TEST(hash == 13491339544680948486u);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_first_non_finite_number_is_found, T, scalars) {
    auto const is = [](std::vector<T> const& x, std::size_t where) {
        BOOST_TEST(cpu::first_non_finite(all(x)) == where);
        for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512})
            if (supported(form)) BOOST_TEST(first_non_finite<T>(all(x), form) == where);
    };
    for (std::size_t const n : {1u, 2u, 63u, 64u, 65u, 4095u, 4096u, 4097u, 8193u}) {
        auto x = normal_vector<T>(n, 1);
        x[0] = std::numeric_limits<T>::max();
        x[n - 1] = -std::numeric_limits<T>::denorm_min();
        is(x, n);
        for (auto const bad : {std::numeric_limits<T>::quiet_NaN(), -std::numeric_limits<T>::quiet_NaN(),
                               std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity()})
            for (std::size_t const at : {std::size_t{0}, n / 2, n - 1}) {
                auto y = x;
                y[at] = bad;
                is(y, at);
                y[n - 1] = bad; // a second one
                is(y, at);
            }
    }
    is({}, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(selection_by_magnitude, T, scalars) {
    scratch<cpu> temporary;
    for (auto const n : sizes) {
        auto x = normal_vector<T>(n, 1);
        for (std::size_t i = 0; i < n; i += 3) x[i] = std::round(x[i]); // ties and zeros
        for (T const t : {std::numeric_limits<T>::denorm_min(), T(0.5), T(1), T(100)}) {
            std::vector<index_t> expected;
            for (std::size_t i = 0; i < n; ++i)
                if (std::fabs(x[i]) >= t) expected.push_back(i);
            BOOST_TEST(cpu::count_at_least(all(std::as_const(x)), t) == expected.size());
            std::vector<index_t> found(expected.size());
            std::vector<T> values(expected.size());
            BOOST_TEST(cpu::select_at_least(all(std::as_const(x)), t, all(found), all(values)) == expected.size());
            BOOST_TEST((found == expected));
            for (std::size_t j = 0; j < found.size(); ++j) BOOST_TEST_REQUIRE(values[j] == x[found[j]]);
        }
        std::vector<T> magnitudes;
        for (auto const v : x) magnitudes.push_back(std::fabs(v));
        std::sort(magnitudes.begin(), magnitudes.end(), std::greater<>());
        for (std::size_t rank = 1; rank <= n; rank += 1 + rank / 3)
            BOOST_TEST_REQUIRE(cpu::nth_magnitude(all(std::as_const(x)), rank, temporary) == magnitudes[rank - 1]);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(signs, T, scalars) {
    for (std::size_t n = 1; n <= 130; ++n) {
        auto x = normal_vector<T>(n, 4);
        x[n / 2] = -T(0);
        std::vector<std::uint64_t> words((n + 63) / 64, ~std::uint64_t{0});
        cpu::pack_signs(all(std::as_const(x)), all(words));
        for (std::size_t i = 0; i < n; ++i)
            BOOST_TEST_REQUIRE((words[i / 64] >> (i % 64) & 1) == (x[i] >= 0 ? 1u : 0u));
        if (n % 64 != 0) BOOST_TEST_REQUIRE((words.back() >> (n % 64)) == 0u); // bits behind the end are 0
        same(
            normal_vector<T>(n, 5), [&](auto v) { cpu::add_signs(T(0.3), all(std::as_const(words)), v); },
            [&](T v, std::size_t i) { return x[i] >= 0 ? v + T(0.3) : v - T(0.3); });
    }
}

BOOST_AUTO_TEST_SUITE_END()
