// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/compressor/take.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/random.hpp>

BOOST_AUTO_TEST_SUITE(take_largest_tests)

using terse::cpu;
using terse::index_t;
using terse::instruction_set;
using terse::view;

std::vector<instruction_set> forms() {
    std::vector<instruction_set> all{instruction_set::portable, instruction_set::avx2, instruction_set::avx512};
    std::erase_if(all, [](auto form) { return !terse::supported(form); });
    return all;
}

template <class T>
view<cpu, T> all(std::vector<T>& v) {
    return {v.data(), v.size()};
}
template <class T>
view<cpu, T const> all(std::vector<T> const& v) {
    return {v.data(), v.size()};
}

template <class T>
bool same_bits(std::vector<T> const& x, std::vector<T> const& y) {
    return x.size() == y.size() && (x.empty() || std::memcmp(x.data(), y.data(), x.size() * sizeof(T)) == 0);
}

// What is left in e, and what was taken.
template <class T>
struct outcome {
    std::vector<T> e;
    std::vector<index_t> indices;
    std::vector<T> values;
    bool finite = true; ///< all that was taken

    bool operator==(outcome const& o) const {
        return finite == o.finite && indices == o.indices && same_bits(values, o.values) && same_bits(e, o.e);
    }
};

// Straight from the definition: sorts the coordinates.
template <class T>
outcome<T> reference(T a, std::vector<T> const& g, T b, std::vector<T> e, std::size_t k) {
    for (std::size_t i = 0; i < e.size(); ++i) e[i] = b * e[i] + a * g[i];
    std::vector<index_t> order(e.size());
    std::iota(order.begin(), order.end(), index_t{0});
    auto const before = [&](index_t i, index_t j) {
        auto const x = terse::magnitude(e[i]);
        auto const y = terse::magnitude(e[j]);
        return x != y ? x > y : i < j;
    };
    std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k - 1), order.end(), before);
    order.resize(k);
    std::sort(order.begin(), order.end());
    outcome<T> r{std::move(e), std::move(order), {}, true};
    for (auto const i : r.indices) {
        r.values.push_back(r.e[i]);
        r.finite = r.finite && std::isfinite(r.e[i]);
        r.e[i] = r.e[i] + T(-1) * r.e[i];
    }
    return r;
}

template <class T>
outcome<T> taken(T a, std::vector<T> const& g, T b, std::vector<T> const& e, std::size_t k, std::uint64_t seed,
                 terse::scratch<cpu>& temporary, instruction_set form) {
    outcome<T> r{e, std::vector<index_t>(k), std::vector<T>(k), true};
    r.finite = terse::take_largest<T>(a, all(g), b, all(r.e), all(r.indices), all(r.values),
                                      {seed, terse::purpose::sample}, temporary, form);
    return r;
}

// A fast generator of test data.
struct dice {
    std::uint64_t state;
    std::uint64_t next() {
        state += 0x9e3779b97f4a7c15u;
        auto x = state;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
        return x ^ (x >> 31);
    }
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    double bell() { return uniform() + uniform() + uniform() + uniform() - 2; }
};

constexpr int kinds = 17;

// Vectors of many shapes; `kind` below `kinds`.
template <class T>
std::vector<T> example(int kind, std::size_t d, dice& random) {
    std::vector<T> x(d);
    constexpr auto tiny = std::numeric_limits<T>::denorm_min();
    auto const scale = std::pow(10.0, random.bell());
    for (std::size_t i = 0; i < d; ++i) {
        auto const n = random.bell() * scale;
        auto const position = static_cast<double>(i);
        double v = n;
        switch (kind) {
        case 1:
            v = std::copysign(scale, n);
            break; // all equal in magnitude
        case 2:
            v = std::round(3 * n / scale);
            break; // few values, many zeros
        case 3:
            v = position;
            break; // ascending
        case 4:
            v = static_cast<double>(d) - position;
            break; // descending
        case 5:
            v = random.below(50) == 0 ? n : 0;
            break; // mostly zero
        case 6:
            v = std::copysign(0.0, n);
            break; // signed zeros
        case 7:
            x[i] = std::copysign(tiny * static_cast<T>(random.below(4)), static_cast<T>(n));
            continue; // denormals
        case 8:
            v = n * std::pow(10.0, -static_cast<double>(16 * i / d));
            break; // layers
        case 9:
            v = n / (random.uniform() * random.uniform() + 1e-6);
            break; // heavy tails
        case 10:
            v = 1 + 1e-6 * n;
            break; // a narrow range
        case 11:
            v = i == d / 2 ? 1 : 0;
            break; // one entry
        case 12:
            v = i % 64 < 2 ? n : 1e-3 * n;
            break; // periodic
        case 13:
            v = i > d - d / 64 - 1 ? 100 + n : n;
            break; // all at the end
        case 14:   // up to the largest number
            x[i] = static_cast<T>(n / scale) * (std::numeric_limits<T>::max() / 2);
            continue;
        case 15:
            v = std::sin(position / 100);
            break; // smooth
        case 16:   // neighbours
            x[i] = random.below(200) == 0 ? std::nextafter(T(1), T(2)) : T(1);
            continue;
        default:
            break;
        }
        x[i] = static_cast<T>(v);
    }
    return x;
}

template <class T>
void compare(int kind, std::size_t d, std::size_t k, int sum, std::uint64_t seed, terse::scratch<cpu>& temporary,
             std::size_t& cases) {
    dice random{seed};
    auto const e = example<T>(kind, d, random);
    auto const g = sum == 0 ? std::vector<T>(d, T(0)) : example<T>(static_cast<int>(random.below(kinds)), d, random);
    auto const a = sum == 2 ? T(0.3) : T(1);
    auto const b = sum == 2 ? T(0.7) : T(1);
    auto const expected = reference(a, g, b, e, k);
    for (auto const form : forms()) {
        ++cases;
        if (taken(a, g, b, e, k, seed, temporary, form) == expected) continue;
        BOOST_TEST_REQUIRE(false, "kind " << kind << ", d " << d << ", k " << k << ", sum " << sum << ", seed " << seed
                                          << ", form " << static_cast<int>(form) << ", " << sizeof(T) << " bytes");
    }
}

// The same as making the momentum step first.
template <class T>
void compare_with_momentum(int kind, std::size_t d, std::size_t k, int sum, bool nesterov, std::uint64_t seed,
                           terse::scratch<cpu>& temporary) {
    dice random{seed};
    auto const e = example<T>(kind, d, random);
    auto const g = example<T>(static_cast<int>(random.below(kinds)), d, random);
    auto const m = example<T>(static_cast<int>(random.below(kinds)), d, random);
    auto const beta = sum == 0 ? T(1) : sum == 1 ? T(0.9) : T(0);
    auto const a = sum == 2 ? T(0.3) : T(1);
    auto const b = sum == 2 ? T(0.7) : T(1);
    auto stepped = m;
    auto added = g;
    terse::momentum_step<cpu, T> const first{beta, all(added), all(stepped), nesterov};
    auto const v = first.make();
    auto const expected = reference(a, std::vector<T>(v.begin(), v.end()), b, e, k);
    for (auto const form : forms()) {
        outcome<T> r{e, std::vector<index_t>(k), std::vector<T>(k), true};
        auto own = m;
        auto gradient = g;
        terse::momentum_step<cpu, T> const step{beta, all(gradient), all(own), nesterov};
        r.finite = terse::take_largest<T>(a, step, b, all(r.e), all(r.indices), all(r.values),
                                          {seed, terse::purpose::sample}, temporary, form);
        if (r == expected && same_bits(own, stepped)) continue;
        BOOST_TEST_REQUIRE(false, "kind " << kind << ", d " << d << ", k " << k << ", sum " << sum << ", seed " << seed
                                          << ", form " << static_cast<int>(form) << ", " << sizeof(T) << " bytes");
    }
}

// The same as adding s u first.
template <class T>
void compare_with_addition(int kind, std::size_t d, std::size_t k, int sum, std::uint64_t seed,
                           terse::scratch<cpu>& temporary) {
    dice random{seed};
    auto const e = example<T>(kind, d, random);
    auto const g = example<T>(static_cast<int>(random.below(kinds)), d, random);
    auto const u = example<T>(static_cast<int>(random.below(kinds)), d, random);
    auto const s = sum == 0 ? T(1) : sum == 1 ? T(0.9) : T(0);
    auto const a = sum == 2 ? T(0.3) : T(1);
    auto const b = sum == 2 ? T(0.7) : T(1);
    auto added = e;
    for (std::size_t i = 0; i < d; ++i) added[i] = e[i] + s * u[i];
    auto const expected = reference(a, g, b, added, k);
    for (auto const form : forms()) {
        outcome<T> r{e, std::vector<index_t>(k), std::vector<T>(k), true};
        terse::added_before<cpu, T> const both{s, all(u), all(g)};
        r.finite = terse::take_largest<T>(a, both, b, all(r.e), all(r.indices), all(r.values),
                                          {seed, terse::purpose::sample}, temporary, form);
        if (r == expected) continue;
        BOOST_TEST_REQUIRE(false, "kind " << kind << ", d " << d << ", k " << k << ", sum " << sum << ", seed " << seed
                                          << ", form " << static_cast<int>(form) << ", " << sizeof(T) << " bytes");
    }
}

using scalars = boost::mpl::list<float, double>;

BOOST_AUTO_TEST_CASE_TEMPLATE(another_addition_in_the_same_pass, T, scalars) {
    terse::scratch<cpu> temporary;
    std::uint64_t seed = 0;
    for (std::size_t const d : {1u, 31u, 33u, 1023u, 1025u, 4097u, 20000u, 65537u})
        for (int kind = 0; kind < kinds; ++kind)
            for (std::size_t const k : {std::size_t{1}, d / 100 + 1, d / 10 + 1, d}) {
                ++seed;
                compare_with_addition<T>(kind, d, k, static_cast<int>(seed % 3), seed, temporary);
            }
}

// Whatever values the bound is taken from, it does not decide what is selected.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_carried_bound_may_be_wrong, T, scalars) {
    terse::scratch<cpu> temporary;
    std::uint64_t seed = 0;
    for (std::size_t const d : {1u, 1023u, 1025u, 4097u, 20000u, 65537u})
        for (int kind = 0; kind < kinds; ++kind)
            for (std::size_t const k : {std::size_t{1}, d / 100 + 1, d / 10 + 1, d}) {
                dice random{++seed};
                auto const e = example<T>(kind, d, random);
                auto const g = example<T>(static_cast<int>(random.below(kinds)), d, random);
                auto const expected = reference(T(1), g, T(1), e, k);
                auto last = expected.values; // as good as can be
                if (seed % 5 == 1) last = example<T>(static_cast<int>(random.below(kinds)), k, random);
                if (seed % 5 == 2)
                    for (auto& x : last) x *= T(0.01);
                if (seed % 5 == 3)
                    for (auto& x : last) x *= T(1.01);
                if (seed % 5 == 4) last[k / 2] = std::numeric_limits<T>::infinity();
                for (auto const form : forms()) {
                    outcome<T> r{e, std::vector<index_t>(k), last, true};
                    terse::selection_figures figures;
                    r.finite = terse::take_largest<T>(T(1), all(g), T(1), all(r.e), all(r.indices), all(r.values),
                                                      {seed, terse::purpose::sample}, temporary, form, &figures, true);
                    BOOST_TEST_REQUIRE((r == expected), "kind " << kind << ", d " << d << ", k " << k << ", seed "
                                                                << seed << ", form " << static_cast<int>(form));
                }
            }
}

// A good one is used, and a bad one noticed.
BOOST_AUTO_TEST_CASE(a_carried_bound_takes_the_place_of_the_sample) {
    constexpr std::size_t d = 100000, k = 1000;
    dice random{3};
    std::vector<float> e(d), g(d, 0.0F);
    for (auto& x : e) x = static_cast<float>(random.bell());
    terse::scratch<cpu> temporary;
    auto const expected = reference(1.0F, g, 1.0F, e, k);
    for (auto const& [factor, candidates, misled] :
         {std::tuple{1.0F, k, false}, std::tuple{0.97F, k, false}, std::tuple{2.0F, k, true}}) {
        auto residual = e;
        auto values = expected.values;
        for (auto& x : values) x *= factor;
        std::vector<index_t> indices(k);
        terse::selection_figures figures;
        terse::take_largest<float>(1.0F, all(g), 1.0F, all(residual), all(indices), all(values),
                                   {1, terse::purpose::sample}, temporary, terse::best_instruction_set(), &figures,
                                   true);
        BOOST_TEST(figures.misled == misled);
        BOOST_TEST(figures.candidates >= candidates);
        BOOST_TEST(figures.candidates < 2 * k);
        BOOST_TEST((indices == expected.indices));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(momentum_in_the_same_pass, T, scalars) {
    terse::scratch<cpu> temporary;
    std::uint64_t seed = 0;
    for (std::size_t const d : {1u, 31u, 33u, 1023u, 1025u, 4097u, 20000u, 65537u})
        for (int kind = 0; kind < kinds; ++kind)
            for (std::size_t const k : {std::size_t{1}, d / 100 + 1, d / 10 + 1, d})
                for (bool const nesterov : {false, true}) {
                    ++seed;
                    compare_with_momentum<T>(kind, d, k, static_cast<int>(seed % 3), nesterov, seed, temporary);
                }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_small_size, T, scalars) {
    terse::scratch<cpu> temporary;
    std::size_t cases = 0;
    // Many more of the smallest.
    for (std::size_t d = 1; d <= 4097; d += d < 96 || (d > 1000 && d < 1060) || d > 4064 ? 1 : 97) {
        dice random{d};
        for (std::size_t i = 0; i < 40 + (d < 96 ? 120000 : 40000) / d; ++i) {
            auto const k = 1 + random.below(i % 2 == 0 ? d : (d + 15) / 16);
            compare<T>(static_cast<int>(random.below(kinds)), d, k, static_cast<int>(i % 3), random.next(), temporary,
                       cases);
        }
    }
    BOOST_TEST(cases >= 500000 * forms().size()); // and as many of the other scalar
}

BOOST_AUTO_TEST_CASE_TEMPLATE(around_powers_of_two, T, scalars) {
    terse::scratch<cpu> temporary;
    std::size_t cases = 0;
    for (std::size_t power = 8192; power <= 131072; power *= 2)
        for (std::size_t const d : {power - 1, power, power + 1, power + 37})
            for (int kind = 0; kind < kinds; ++kind)
                for (double const share : {0.0, 0.001, 0.01, 0.1, 0.25, 0.3, 1.0})
                    compare<T>(kind, d,
                               std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(d))),
                               kind % 3, d + static_cast<std::size_t>(kind), temporary, cases);
    BOOST_TEST(cases > 0u);
}

// A sample that sees nothing like the rest of the vector: too small, or too large.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_misleading_sample, T, scalars) {
    constexpr std::size_t d = 40000;
    constexpr std::size_t k = 400;
    terse::scratch<cpu> temporary;
    for (std::uint64_t seed = 0; seed < 4; ++seed)
        for (bool const too_small : {true, false}) {
            dice random{seed};
            auto e = example<T>(0, d, random);
            std::vector<T> const g(d, T(0));
            auto const look = [&](std::size_t i) {
                e[i] *= too_small ? T(1e-3) : T(1e3);
                return e[i];
            };
            terse::estimate_bounds<T>(look, d, k, {seed, terse::purpose::sample}, temporary);
            auto const expected = reference(T(1), g, T(1), e, k);
            for (auto const form : forms()) BOOST_TEST((taken(T(1), g, T(1), e, k, seed, temporary, form) == expected));
        }
}

// The figures tell a good sample from a misleading one, and no sample from both.
BOOST_AUTO_TEST_CASE_TEMPLATE(figures_of_a_selection, T, scalars) {
    constexpr std::size_t d = 40000;
    terse::scratch<cpu> temporary;
    dice random{1};
    auto x = example<T>(0, d, random);
    auto const select = [&](std::size_t k) {
        std::vector<index_t> indices(k);
        std::vector<T> values(k);
        terse::selection_figures figures;
        terse::select_largest<T>(all(std::as_const(x)), all(indices), all(values), {1, terse::purpose::sample},
                                 temporary, terse::best_instruction_set(), &figures);
        return figures;
    };
    auto const good = select(400);
    BOOST_TEST(!good.misled);
    BOOST_TEST((good.candidates >= 400u && good.candidates < 2000u));
    auto const all_of_them = select(d / 2);
    BOOST_TEST(!all_of_them.misled);
    BOOST_TEST(all_of_them.candidates == d);
    auto const enlarge = [&](std::size_t i) {
        x[i] *= T(1e3);
        return x[i];
    };
    terse::estimate_bounds<T>(enlarge, d, 400, {1, terse::purpose::sample}, temporary);
    auto const misled = select(400);
    BOOST_TEST(misled.misled);
    BOOST_TEST(misled.candidates < 400u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nan_and_infinity_come_first_and_leave_nan, T, scalars) {
    terse::scratch<cpu> temporary;
    for (std::size_t const d : {10u, 3000u, 30000u})
        for (std::size_t const every : {2u, 97u, 1009u}) {
            dice random{d};
            auto const e = example<T>(0, d, random);
            auto g = example<T>(0, d, random);
            for (std::size_t i = 0; i < d; i += every) g[i] = std::numeric_limits<T>::infinity();
            for (std::size_t i = 3; i < d; i += 2 * every) g[i] = std::numeric_limits<T>::quiet_NaN();
            for (std::size_t const k : {std::size_t{1}, d / 100 + 1, d / 10}) {
                auto const expected = reference(T(1), g, T(1), e, k);
                for (auto const form : forms())
                    BOOST_TEST((taken(T(1), g, T(1), e, k, d, temporary, form) == expected));
            }
        }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(selection_leaves_the_vector_alone, T, scalars) {
    terse::scratch<cpu> temporary;
    for (std::size_t const d : {1u, 1000u, 1024u, 50000u})
        for (int kind = 0; kind < kinds; ++kind)
            for (std::size_t const k : {std::size_t{1}, d / 100 + 1, d / 3 + 1}) {
                dice random{d};
                auto const x = example<T>(kind, d, random);
                auto const expected = reference(T(1), std::vector<T>(d, T(0)), T(1), x, k);
                for (auto const form : forms()) {
                    std::vector<index_t> indices(k);
                    std::vector<T> values(k);
                    terse::select_largest<T>(all(x), all(indices), all(values), {d, terse::purpose::sample}, temporary,
                                             form);
                    BOOST_TEST(indices == expected.indices);
                    if (kind != 6) BOOST_TEST(same_bits(values, expected.values)); // 0 + -0 is 0
                }
            }
}

// top_k without a take of its own.
struct plain {
    terse::top_k inner;

    template <class B, class T>
    using message = terse::sparse_message<B, T>;

    template <class T>
    void compress(view<cpu, T> in, terse::sparse_message<cpu, std::remove_const_t<T>>& out,
                  terse::context<cpu> at) const {
        inner.compress(in, out, at);
    }
};

BOOST_AUTO_TEST_CASE_TEMPLATE(top_k_takes_what_it_compresses, T, scalars) {
    terse::scratch<cpu> temporary;
    terse::context<cpu> at;
    at.temporary = &temporary;
    for (std::size_t const d : {5u, 2000u, 20000u})
        for (auto const& [a, b] : {std::pair<T, T>{1, 1}, {T(0.1), 1}, {1, T(0.9)}, {T(0.1), T(0.9)}}) {
            dice random{d};
            auto e = example<T>(0, d, random);
            auto const g = example<T>(9, d, random);
            auto f = e;
            terse::sparse_message<cpu, T> out;
            terse::sparse_message<cpu, T> expected;
            for (at.round = 0; at.round < 3; ++at.round) {
                terse::take<cpu, T>(terse::top_k{.ratio = 0.02}, a, all(g), b, all(e), out, at);
                terse::take<cpu, T>(plain{{.ratio = 0.02}}, a, all(g), b, all(f), expected, at);
                BOOST_TEST(same_bits(e, f));
                BOOST_REQUIRE_EQUAL(out.indices.size(), expected.indices.size());
                for (std::size_t j = 0; j < out.indices.size(); ++j) {
                    BOOST_TEST(out.indices[j] == expected.indices[j]);
                    BOOST_TEST(out.values[j] == expected.values[j]);
                }
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
