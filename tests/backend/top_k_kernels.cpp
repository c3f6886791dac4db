// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/backend/cpu/candidate_lists.hpp>

#include "backend/mixed_number.hpp"

BOOST_AUTO_TEST_SUITE(top_k_kernels_tests)

using terse::cpu;
using terse::instruction_set;

using scalars = boost::mpl::list<float, double>;

// Every form collects what a plain loop collects, and leaves the same behind.
BOOST_AUTO_TEST_CASE_TEMPLATE(candidates_of_every_form, T, scalars) {
    terse::random_stream const random(1, terse::purpose::user);
    terse::scratch<cpu> temporary;
    std::uint64_t draw = 0;
    std::size_t cases = 0;
    std::size_t wrong = 0;
    for (std::size_t d = 1; d <= 4097; d += d < 300 ? 1 : d < 4000 ? 61 : 1) {
        std::vector<T> e(d);
        std::vector<T> g(d);
        for (std::size_t i = 0; i < d; ++i) {
            e[i] = mixed_number<T>(random.bits(draw++));
            g[i] = mixed_number<T>(random.bits(draw++));
        }
        for (int t = 0; t < 360; ++t) {
            terse::cutoff<T> const cut{terse::magnitude(static_cast<T>(t / 36) / 2 + T(0.25)),
                                       t % 3 == 0
                                           ? terse::largest_magnitude<T>
                                           : terse::magnitude(static_cast<T>(t / 36) / 2 + static_cast<T>(t % 3)),
                                       t % 2 == 0};
            T const a = t % 9 < 5 ? T(1) : T(0.5);
            T const b = t % 9 < 7 ? T(1) : T(0.3);
            std::vector<T> left(d);
            std::vector<terse::index_t> indices;
            std::vector<T> values;
            for (std::size_t i = 0; i < d; ++i) {
                T const v = b * e[i] + a * g[i];
                auto const m = terse::magnitude(v);
                left[i] = m >= cut.cleared ? T(0) : v;
                if (m < cut.candidate) continue;
                indices.push_back(i);
                values.push_back(v);
            }
            for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
                if (!terse::supported(form)) continue;
                ++cases;
                terse::scratch<cpu>::scope const scope(temporary);
                auto f = e;
                terse::candidate_lists<T> lists(d, d, temporary);
                bool ok = lists.collect(terse::accumulated<T>{a, {g.data()}, b, f.data()}, cut, {form}) &&
                          lists.count() == indices.size() && std::memcmp(f.data(), left.data(), d * sizeof(T)) == 0;
                std::size_t n = 0;
                for (auto const& l : lists.lists())
                    for (std::size_t i = 0; ok && i < l.count; ++i, ++n)
                        ok =
                            l.first + l.offset[i] == indices[n] && std::memcmp(&l.value[i], &values[n], sizeof(T)) == 0;
                wrong += ok ? 0 : 1;
            }
        }
    }
    BOOST_TEST(wrong == 0u, wrong << " of " << cases);
}

// A list that is full ends the collection, but not the sum.
BOOST_AUTO_TEST_CASE_TEMPLATE(full_lists, T, scalars) {
    terse::scratch<cpu> temporary;
    for (std::size_t const d : {20000u, 50000u, 200001u}) {
        std::vector<T> const g(d, T(1));
        for (auto const form : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512}) {
            if (!terse::supported(form)) continue;
            std::vector<T> e(d, T(2));
            terse::candidate_lists<T> lists(d, 100, temporary);
            terse::cutoff<T> const cut{terse::magnitude(T(1)), terse::magnitude(T(2)), true};
            BOOST_TEST(!lists.collect(terse::accumulated<T>{T(1), {g.data()}, T(1), e.data()}, cut, {form}));
            for (auto const& l : lists.lists())
                for (std::size_t i = 0; i < l.count; ++i) e[l.first + l.offset[i]] = l.value[i];
            BOOST_TEST(std::all_of(e.begin(), e.end(), [](T x) { return x == T(3); }));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
