// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/take.hpp>

BOOST_AUTO_TEST_SUITE(signs_tests)

using terse::cpu;
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

BOOST_AUTO_TEST_CASE_TEMPLATE(bits_mean_what_they_say, T, scalars) {
    for (std::size_t d = 1; d < 300; ++d) {
        auto x = numbers<T>(d, d);
        x[d / 2] = std::numeric_limits<T>::quiet_NaN();
        std::vector<std::uint64_t> words((d + 63) / 64, ~std::uint64_t{0});
        cpu::pack_signs(view<cpu, T>(x.data(), d), view<cpu, std::uint64_t>(words.data(), words.size()));
        auto y = numbers<T>(d, d + 1);
        auto expected = y;
        cpu::add_signs<T>(T(0.3), view<cpu, std::uint64_t const>(words.data(), words.size()),
                          view<cpu, T>(y.data(), d));
        for (std::size_t i = 0; i < d; ++i) {
            bool const bit = (words[i / 64] >> (i % 64) & 1) != 0;
            BOOST_TEST(bit == (x[i] >= 0));
            expected[i] += bit ? T(0.3) : T(-0.3);
        }
        if (d % 64 != 0) BOOST_TEST((words.back() >> (d % 64)) == 0u);
        BOOST_TEST(same_bits(y, expected));
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

BOOST_AUTO_TEST_SUITE_END()
