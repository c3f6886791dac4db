// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <terse/compressor/top_k.hpp>
#include <terse/terse.hpp>

BOOST_AUTO_TEST_SUITE(top_k_tests)

using namespace terse;

// A full stable sort. NaN counts as larger than infinity; among NaNs a longer payload is larger, so take one NaN here.
template <class T>
std::vector<std::size_t> by_sorting(std::vector<T> const& v, std::size_t k) {
    std::vector<std::size_t> order(v.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
        if (std::isnan(v[i]) || std::isnan(v[j])) return std::isnan(v[i]) && !std::isnan(v[j]);
        return std::fabs(v[i]) > std::fabs(v[j]);
    });
    order.resize(k);
    std::sort(order.begin(), order.end());
    return order;
}

template <class T>
void agrees_with_sorting(std::vector<T> const& v, std::size_t k, checks::trial<top_k, T>& t) {
    t.compress(top_k{.count = k}, v, {});
    auto const expected = by_sorting(v, k);
    bool same = checks::indices_of(t.out) == expected;
    for (std::size_t j = 0; same && j < k; ++j) same = testing::same_bits(t.out.values[j], v[expected[j]]);
    BOOST_TEST_REQUIRE(same, "d = " << v.size() << ", k = " << k);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_selection_is_that_of_a_stable_sort, T, checks::scalars) {
    using limits = std::numeric_limits<T>;
    T const special[] = {T(0),
                         -T(0),
                         T(1),
                         T(-1),
                         limits::denorm_min(),
                         -limits::denorm_min(),
                         limits::min(),
                         limits::max(),
                         -limits::max(),
                         limits::infinity(),
                         -limits::infinity(),
                         limits::quiet_NaN(),
                         T(0.5),
                         std::nextafter(T(1), T(2)),
                         std::nextafter(T(1), T(0))};
    checks::trial<top_k, T> t;
    for (std::uint64_t n = 0; n < 60000; ++n) {
        random_stream const random(2, purpose::data, 0, n);
        std::size_t const d = 1 + random.below(0, 24);
        std::size_t const k = 1 + random.below(1, d);
        auto const kinds = 1 + random.below(2, std::size(special)); // few of them, so that there are ties
        auto const from = random.below(3, std::size(special));
        std::vector<T> v(d);
        for (std::size_t i = 0; i < d; ++i)
            v[i] = n % 4 == 0 ? static_cast<T>(random.normal(100 + i))
                              : special[(from + random.below(4 + i, kinds)) % std::size(special)];
        agrees_with_sorting(v, k, t);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(longer_vectors_agree_too, T, checks::scalars) {
    checks::trial<top_k, T> t;
    for (std::size_t const d : {63u, 64u, 65u, 4095u, 4096u, 4097u, 70000u})
        for (double const ratio : {0.001, 0.1, 0.5, 0.99}) {
            auto const k = std::max<std::size_t>(1, static_cast<std::size_t>(ratio * static_cast<double>(d)));
            auto v = testing::normal_vector<T>(d, 3);
            agrees_with_sorting(v, k, t);
            for (auto& x : v) x = std::round(2 * x); // many ties
            agrees_with_sorting(v, k, t);
        }
}

BOOST_AUTO_TEST_CASE(ties_go_to_the_lowest_index_and_zeros_are_equal) {
    using indices = std::vector<std::size_t>;
    std::vector<float> const v{0.0F, -2.0F, 2.0F, -0.0F, 2.0F};
    BOOST_TEST(checks::indices_of(checks::compressed(top_k{.count = 2}, v).out) == (indices{1, 2}));
    BOOST_TEST(checks::indices_of(checks::compressed(top_k{.count = 4}, v).out) == (indices{0, 1, 2, 4}));
    std::vector<float> const zeros{-0.0F, 0.0F, -0.0F};
    auto const t = checks::compressed(top_k{.count = 1}, zeros);
    BOOST_TEST(checks::indices_of(t.out) == indices{0});
    BOOST_TEST(std::signbit(t.out.values[0]));
}

BOOST_AUTO_TEST_CASE(the_number_of_entries_is_the_count_or_the_rounded_ratio) {
    auto const entries_sent = [](top_k const& c, std::size_t d) {
        return checks::compressed(c, testing::normal_vector<float>(d, 1)).out.indices.size();
    };
    BOOST_TEST(entries_sent({.ratio = 0.01}, 1000) == 10u);
    BOOST_TEST(entries_sent({.ratio = 0.01}, 1049) == 10u);
    BOOST_TEST(entries_sent({.ratio = 0.01}, 1050) == 11u);
    BOOST_TEST(entries_sent({.ratio = 0.01}, 10) == 1u); // never none
    BOOST_TEST(entries_sent({.ratio = 1}, 10) == 10u);
    BOOST_TEST(entries_sent({.ratio = 0.01, .count = 7}, 10) == 7u);
    top_k const ramp{.ratio = schedule::linear(1, 0.1, 10)};
    BOOST_TEST(checks::compressed(ramp, testing::normal_vector<float>(100, 1), 0).out.indices.size() == 100u);
    BOOST_TEST(checks::compressed(ramp, testing::normal_vector<float>(100, 1), 5).out.indices.size() == 55u);
    BOOST_TEST(checks::compressed(ramp, testing::normal_vector<float>(100, 1), 99).out.indices.size() == 10u);
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_are_refused) {
    for (double const ratio : {0.0, -0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
        checks::refuses<configuration_error>(top_k{.ratio = ratio}, 10, "top_k");
    checks::refuses<configuration_error>(top_k{.ratio = schedule::linear(1, 0, 10)}, 10, "top_k");
    checks::refuses<configuration_error>(top_k{.count = 11}, 10, "top_k: count 11 exceeds the dimension 10");
    BOOST_CHECK_NO_THROW(validate(top_k{.count = 10}, 10));
    BOOST_CHECK_NO_THROW(validate(top_k{.ratio = 1}, 1));
}

// The rate falls by a hundred half-way, and with it what the residuals are added to.
BOOST_AUTO_TEST_CASE(a_carried_bound_changes_no_bit) {
    auto const trained = [](top_k how) {
        std::vector<float> w(20000, 1.0F);
        auto run = train(dgc(how, {}), simulated{.workers = 3}, w);
        for (int t = 0; t < 12; ++t)
            run.step(0.1, [&](worker_context at, auto x, auto g) {
                auto const noise = at.random(purpose::user);
                for (std::size_t i = 0; i < w.size(); ++i)
                    g[i] = (t < 6 ? 1.0F : 0.01F) * (x[i] - static_cast<float>(noise.uniform(i)));
            });
        return w;
    };
    BOOST_TEST((trained({.ratio = 0.01}) == trained({.ratio = 0.01, .from = top_k::bound::carried})));
    auto const ratio = schedule::linear(0.2, 0.001, 8); // another k each round: nothing to carry
    BOOST_TEST((trained({.ratio = ratio}) == trained({.ratio = ratio, .from = top_k::bound::carried})));
}

// Where nobody asks whether a vector is finite, it may be called so; what is taken is the same.
BOOST_AUTO_TEST_CASE(nobody_asks_whether_it_is_finite) {
    auto const check = [](auto const& compressor) {
        std::vector<float> g(2000, 1);
        g[700] = std::numeric_limits<float>::infinity();
        scratch<cpu> temporary;
        context<cpu> at;
        at.temporary = &temporary;
        std::vector<std::vector<float>> left;
        for (bool const checks : {true, false}) {
            at.checks = checks;
            std::vector<float> e(2000);
            message_of<std::decay_t<decltype(compressor)>, cpu, float> out;
            auto const bad = take<cpu, float>(compressor, 1, view<cpu, float const>(g.data(), g.size()), 1,
                                              view<cpu, float>(e.data(), e.size()), out, at);
            BOOST_TEST(bad == (checks ? 700u : 2000u));
            left.push_back(e);
        }
        BOOST_TEST(testing::same_bits(left[0], left[1]));
    };
    check(top_k{.ratio = 0.1});
    check(random_block{.ratio = 0.1});
    check(identity{});
}

BOOST_AUTO_TEST_SUITE_END()
