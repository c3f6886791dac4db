// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/testing/inputs.hpp>

BOOST_AUTO_TEST_SUITE(at_least_tests)

using terse::cpu;
using terse::index_t;
using terse::instruction_set;
using terse::view;

using scalars = boost::mpl::list<float, double>;

constexpr std::array<instruction_set, 3> forms{instruction_set::portable, instruction_set::avx2,
                                               instruction_set::avx512};

// A few values, so that many equal the threshold, with zeros of both signs; now and then a number that is not finite.
template <class T>
std::vector<T> numbers(std::size_t d, std::uint64_t seed, bool finite) {
    terse::random_stream const random(seed, terse::purpose::user);
    std::vector<T> x(d);
    for (std::size_t i = 0; i < d; ++i) {
        x[i] = (static_cast<T>(random.below(2 * i, 17)) - 8) / 4;
        if (finite) continue;
        auto const odd = random.below(2 * i + 1, 3 * d);
        if (odd == 0) x[i] = std::numeric_limits<T>::quiet_NaN();
        if (odd == 1) x[i] = std::numeric_limits<T>::infinity();
        if (odd == 2) x[i] = std::numeric_limits<T>::denorm_min();
    }
    return x;
}

template <class T>
struct selection {
    std::vector<index_t> indices;
    std::vector<T> values;
    std::vector<T> rest;
};

template <class T>
selection<T> by_plain_loops(std::vector<T> const& x, T threshold) {
    selection<T> s{{}, {}, x};
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (!(std::fabs(x[i]) >= threshold)) continue;
        s.indices.push_back(i);
        s.values.push_back(x[i]);
        s.rest[i] = x[i] + T(-1) * x[i];
    }
    return s;
}

template <class V>
auto host(V const& v) {
    return std::vector(v.data(), v.data() + v.size());
}

template <class T>
void check(std::size_t d, std::uint64_t seed, T threshold, bool finite) {
    auto const e = numbers<T>(d, 2 * seed, finite);
    auto const g = numbers<T>(d, 2 * seed + 1, finite);
    T const a = T(0.5);
    T const b = seed % 2 == 0 ? T(1) : T(0.25);
    auto sum = e;
    for (std::size_t i = 0; i < d; ++i) sum[i] = b * e[i] + a * g[i];
    auto const expected = by_plain_loops(sum, threshold);
    auto const n = expected.indices.size();
    view<cpu, T const> const x(sum.data(), d);
    BOOST_TEST_REQUIRE(terse::count_at_least<T>(x, threshold) == n);
    terse::scratch<cpu> temporary;
    for (auto const form : forms) {
        if (!terse::supported(form)) continue;
        for (auto const room : {n, n / 2, n + 3}) {
            std::vector<index_t> indices(room);
            std::vector<T> values(room);
            auto const found =
                terse::select_at_least<T>(x, threshold, {indices.data(), room}, {values.data(), room}, form);
            BOOST_TEST_REQUIRE(found == std::min(n, room));
            for (std::size_t j = 0; j < found; ++j)
                BOOST_TEST_REQUIRE((indices[j] == expected.indices[j] && values[j] == expected.values[j]));
        }
        for (auto const allowed :
             {terse::entry_range{0, d}, {n, n}, {n + 1, d}, {0, n - std::min<std::size_t>(n, 1)}}) {
            auto f = e;
            terse::buffer<cpu, index_t> indices;
            terse::buffer<cpu, T> values(seed % 3 * d); // which is what the last round selected
            auto const [taken, known] =
                terse::take_at_least<T>(a, view<cpu, T const>(g.data(), d), b, view<cpu, T>(f.data(), d), threshold,
                                        allowed, indices, values, temporary, form);
            BOOST_TEST_REQUIRE(taken == allowed.contains(n));
            BOOST_TEST_REQUIRE((!known || cpu::first_non_finite(x) == d));
            BOOST_TEST_REQUIRE(terse::testing::same_bits(f, taken ? expected.rest : sum));
            if (!taken) continue;
            BOOST_TEST_REQUIRE((host(indices) == expected.indices));
            BOOST_TEST_REQUIRE(terse::testing::same_bits(host(values), expected.values));
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_form_is_the_plain_loop, T, scalars) {
    std::uint64_t seed = 0;
    for (std::size_t d = 1; d <= 4097; d += d < 150 ? 1 : d < 4090 ? 97 : 1)
        for (T const threshold : {T(0.125), T(1), T(1.5), T(9), std::numeric_limits<T>::denorm_min()})
            check<T>(d, ++seed, threshold, d % 4 != 0);
}

// Longer than what is done before the room is looked at, with few entries and with more than there is room for.
BOOST_AUTO_TEST_CASE_TEMPLATE(lists_that_fill_up, T, scalars) {
    std::uint64_t seed = 0;
    for (std::size_t const d : {20000u, 65536u, 100001u})
        for (T const threshold : {T(0.125), T(1), T(1.5)})
            for (bool const finite : {true, false}) check<T>(d, ++seed, threshold, finite);
}

// No number reaches NaN, and only infinities reach infinity.
BOOST_AUTO_TEST_CASE_TEMPLATE(thresholds_that_are_not_finite, T, scalars) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        check<T>(100, seed, std::numeric_limits<T>::infinity(), false);
        check<T>(100, seed, std::numeric_limits<T>::quiet_NaN(), false);
    }
}

BOOST_AUTO_TEST_SUITE_END()
