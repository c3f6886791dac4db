// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/take.hpp>
#include <terse/testing/inputs.hpp>
#include <terse/wire/fold.hpp>

#include "backend/mixed_number.hpp"

BOOST_AUTO_TEST_SUITE(signs_tests)

namespace testing = terse::testing;
using terse::cpu;
using terse::instruction_set;
using terse::view;

using scalars = boost::mpl::list<float, double>;

template <class T>
std::vector<T> numbers(std::size_t d, std::uint64_t seed) {
    terse::random_stream const random(seed, terse::purpose::user);
    std::vector<T> x(d);
    for (std::size_t i = 0; i < d; ++i) x[i] = static_cast<T>(random.uniform(i) - 0.5);
    for (std::size_t i = 3; i < d; i += 7) x[i] = i % 2 == 0 ? T(0) : -T(0);
    return x;
}

template <class T>
bool same_bits(std::vector<T> const& x, std::vector<T> const& y) {
    return x.empty() || std::memcmp(x.data(), y.data(), x.size() * sizeof(T)) == 0;
}

constexpr std::array<instruction_set, 3> forms{instruction_set::portable, instruction_set::avx2,
                                               instruction_set::avx512};

// 1 to 300, and what lies beside multiples of the 64 of a word and the 4,096 of a block.
std::vector<std::size_t> sizes() {
    std::vector<std::size_t> all;
    for (std::size_t d = 1; d <= 300; ++d) all.push_back(d);
    for (std::size_t const d : {512u, 1024u, 2048u, 4096u, 8192u, 12288u})
        for (std::size_t const by : {0u, 1u, 15u, 16u, 17u, 63u, 64u, 65u}) {
            all.push_back(d - by);
            all.push_back(d + by);
        }
    return all;
}

// The sum in the fixed order, by plain loops.
template <class T>
double sum_in_order(std::vector<T> const& x) {
    double total = 0;
    for (std::size_t begin = 0; begin < x.size(); begin += 4096) {
        std::array<double, 16> lane{};
        for (std::size_t i = begin; i < std::min(begin + 4096, x.size()); ++i)
            lane[(i - begin) % 16] += std::fabs(static_cast<double>(x[i]));
        total += terse::fixed_order::sum(lane.data());
    }
    return total;
}

// Every form beside plain loops, on numbers of all kinds.
template <class T>
void check_forms(std::vector<T> const& g, std::vector<T> const& e, T a, T b, std::string const& what) {
    auto const d = e.size();
    std::vector<T> v(d);
    std::vector<std::uint64_t> bits((d + 63) / 64);
    for (std::size_t i = 0; i < d; ++i) {
        v[i] = b * e[i] + a * g[i];
        if (v[i] >= 0) bits[i / 64] |= std::uint64_t{1} << i % 64;
    }
    auto rest = v;
    for (std::size_t i = 0; i < d; ++i) rest[i] += (bits[i / 64] >> i % 64 & 1) != 0 ? a : -a;
    auto const sum = sum_in_order(v);
    for (auto const form : forms) {
        if (!terse::supported(form)) continue;
        auto f = e;
        std::vector<std::uint64_t> words(bits.size(), ~std::uint64_t{0}), again = words;
        view<cpu, std::uint64_t> const w(words.data(), words.size());
        auto const own =
            terse::accumulate_signs<T>(a, view<cpu, T const>(g.data(), d), b, view<cpu, T>(f.data(), d), w, form);
        bool const taken = testing::same_bits(own, sum) && testing::same_bits(f, v) && words == bits;
        auto const packed = terse::pack_signs<T>(view<cpu, T const>(v.data(), d), {again.data(), again.size()}, form);
        bool const same = testing::same_bits(packed, sum) && again == bits;
        terse::add_signs<T>(a, w, view<cpu, T>(f.data(), d), form);
        BOOST_TEST_REQUIRE((taken && same && testing::same_bits(f, rest)), what << ", d = " << d);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_form_is_the_plain_loop, T, scalars) {
    for (auto const d : sizes()) check_forms(numbers<T>(d, 2 * d), numbers<T>(d, 2 * d + 1), T(0.7), T(0.9), "numbers");
    for (std::size_t const d : {1u, 64u, 130u, 4097u}) {
        auto kinds = testing::finite_inputs<T>(d, std::numeric_limits<T>::max());
        for (auto const& more : testing::non_finite_inputs<T>(d)) kinds.push_back(more);
        for (auto const& g : kinds)
            for (auto const& e : kinds)
                for (T const b : {T(1), T(0.5)}) check_forms(g.values, e.values, T(1), b, g.name + " to " + e.name);
    }
}

// 60,000 vectors, each by three kernels in every form, in float and in double: a million cases with AVX-512.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_million_cases, T, scalars) {
    terse::random_stream const random(4, terse::purpose::user);
    std::uint64_t draw = 0;
    for (std::size_t n = 0; n < 60'000; ++n) {
        auto const most = n % 100 == 0 ? std::uint64_t{4097} : n % 10 == 0 ? 300u : 70u;
        auto const d = 1 + random.below(draw++, most);
        std::vector<T> g(d), e(d);
        for (std::size_t i = 0; i < d; ++i) {
            g[i] = mixed_number<T>(random.bits(draw++));
            e[i] = mixed_number<T>(random.bits(draw++));
        }
        check_forms(g, e, n % 3 == 0 ? T(1) : T(0.5), n % 5 == 0 ? T(0.3) : T(1), "any");
    }
}

// The same for a vector from which scaled signs are still to subtract.
template <class T>
void check_resumed(std::vector<T> const& x, T scale, std::vector<T> const& e, T a, T b, std::string const& what) {
    auto const d = e.size();
    std::vector<T> v(d);
    std::vector<std::uint64_t> bits((d + 63) / 64);
    auto rest = x;
    for (std::size_t i = 0; i < d; ++i) {
        rest[i] += x[i] >= 0 ? -scale : scale;
        v[i] = b * e[i] + a * rest[i];
        if (v[i] >= 0) bits[i / 64] |= std::uint64_t{1} << i % 64;
    }
    auto settled = x;
    terse::subtract_signs<T>(scale, view<cpu, T>(settled.data(), d));
    BOOST_TEST_REQUIRE(testing::same_bits(settled, rest), what);
    for (auto const form : forms) {
        if (!terse::supported(form)) continue;
        auto f = e;
        std::vector<std::uint64_t> words(bits.size(), ~std::uint64_t{0});
        auto const sum = terse::accumulate_signs<T>(a, view<cpu, T const>(x.data(), d), scale, b,
                                                    view<cpu, T>(f.data(), d), {words.data(), words.size()}, form);
        bool const same = testing::same_bits(sum, sum_in_order(v)) && testing::same_bits(f, v) && words == bits;
        BOOST_TEST_REQUIRE(same, what << ", d = " << d);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_deferred_is_subtracted_in_passing, T, scalars) {
    for (auto const d : sizes())
        for (T const scale : {T(0), T(0.3)})
            check_resumed(numbers<T>(d, 2 * d), scale, numbers<T>(d, 2 * d + 1), T(0.7), T(0.9), "numbers");
    for (std::size_t const d : {1u, 130u}) {
        auto kinds = testing::finite_inputs<T>(d, std::numeric_limits<T>::max());
        for (auto const& more : testing::non_finite_inputs<T>(d)) kinds.push_back(more);
        for (auto const& x : kinds)
            for (T const scale : {T(0.5), std::numeric_limits<T>::denorm_min(), std::numeric_limits<T>::max()})
                check_resumed(x.values, scale, numbers<T>(d, 1), T(1), T(1), x.name);
    }
}

// The mean of sign messages, by plain loops.
BOOST_AUTO_TEST_CASE_TEMPLATE(sums_of_signs, T, scalars) {
    for (std::size_t const d : {1u, 63u, 64u, 65u, 4095u, 4096u, 4097u, 9000u})
        for (std::size_t const n : {0u, 1u, 2u, 9u})
            for (T const scale : {T(1), T(0.3)}) {
                std::vector<std::vector<std::uint64_t>> words(n, std::vector<std::uint64_t>((d + 63) / 64));
                std::vector<terse::signed_by<cpu, T>> terms;
                std::vector<T> expected(d);
                for (std::size_t k = 0; k < n; ++k) {
                    auto const x = numbers<T>(d, k);
                    terse::pack_signs<T>(view<cpu, T const>(x.data(), d), {words[k].data(), words[k].size()});
                    terms.push_back({static_cast<T>(k) + T(0.1), {words[k].data(), words[k].size()}});
                    for (std::size_t i = 0; i < d; ++i) expected[i] += x[i] >= 0 ? terms[k].a : -terms[k].a;
                }
                for (auto& x : expected) x *= scale;
                for (auto const form : forms) {
                    if (!terse::supported(form)) continue;
                    std::vector<T> y(d, T(7));
                    terse::sum_signs<T>(terms, scale, view<cpu, T>(y.data(), d), form);
                    BOOST_TEST(testing::same_bits(y, expected));
                }
            }
}

// scaled_sign's own take against its definition.
BOOST_AUTO_TEST_CASE_TEMPLATE(take_is_accumulate_compress_subtract, T, scalars) {
    terse::scratch<cpu> temporary;
    terse::context<cpu> at;
    at.temporary = &temporary;
    for (std::size_t const d : {1u, 63u, 64u, 4095u, 4096u, 4097u, 20000u})
        for (T const scale : {T(1), std::numeric_limits<T>::max() / 2}) {
            auto e = numbers<T>(d, 1);
            auto g = numbers<T>(d, 2);
            for (auto& v : g) v *= scale;
            auto f = e;
            terse::sign_message<cpu, T> out;
            terse::sign_message<cpu, T> expected;
            T const a = T(0.7);
            T const b = T(0.9);
            view<cpu, T const> const add(g.data(), d);
            terse::take<cpu, T>(terse::scaled_sign{}, a, add, b, view<cpu, T>(e.data(), d), out, at);
            cpu::axpby(a, add, b, view<cpu, T>(f.data(), d));
            terse::scaled_sign{}.compress(view<cpu, T const>(f.data(), d), expected, at);
            expected.add_to(T(-1), view<cpu, T>(f.data(), d));
            BOOST_TEST(out.scale == expected.scale);
            BOOST_TEST(std::memcmp(out.bits.data(), expected.bits.data(), expected.bits.size() * 8) == 0);
            BOOST_TEST(same_bits(e, f));
        }
}

// The sum is the same to the last bit of a double, whoever adds up what.
BOOST_AUTO_TEST_CASE(helpers_add_in_the_same_order) {
    constexpr std::size_t d = 3 * terse::division::least_part + 4097;
    terse::random_stream const random(5, terse::purpose::user);
    std::vector<float> g(d);
    for (std::size_t i = 0; i < d; ++i)
        g[i] = static_cast<float>(std::exp2(60 * random.uniform(i) - 30)); // inexact sums
    terse::thread_pool pool(3);
    terse::scratch<cpu> alone, helped;
    helped.helpers = &pool;
    auto const of = [&](terse::scratch<cpu>& temporary, std::vector<float>& e, std::vector<std::uint64_t>& words) {
        e.assign(d, 0.25F);
        words.assign((d + 63) / 64, 0);
        return terse::accumulate_signs<float>(0.7F, view<cpu, float const>(g.data(), d), 0.1F, 0.9F,
                                              view<cpu, float>(e.data(), d), {words.data(), words.size()},
                                              terse::best_instruction_set(), &temporary);
    };
    std::vector<float> e, f;
    std::vector<std::uint64_t> bits, words;
    BOOST_TEST(of(alone, e, bits) == of(helped, f, words));
    BOOST_TEST((e == f));
    BOOST_TEST((bits == words));
}

BOOST_AUTO_TEST_SUITE_END()
