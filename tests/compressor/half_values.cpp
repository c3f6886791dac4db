// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <terse/terse.hpp>
#include <terse/testing/inputs.hpp>

BOOST_AUTO_TEST_SUITE(half_values_tests)

using namespace terse;
using wire::precision;

// out = C(e + g), and e what stays.
template <class C, class T>
auto taken(C const& c, std::vector<T> const& g, std::vector<T>& e) {
    message_of<C, cpu, T> out;
    scratch<cpu> temporary;
    take<cpu, T>(c, T(1), view<cpu, T const>(g.data(), g.size()), T(1), view<cpu, T>(e.data(), e.size()), out,
                 context<cpu>{{1, 2, 3, 4}, 0, &temporary});
    return out;
}

// What was sent and what stays are what was there, exactly, and what was sent travels unchanged.
template <class T, class C>
void nothing_is_lost(C const& inner) {
    for (auto const to : {precision::fp16, precision::bf16}) {
        auto const g = testing::normal_vector<T>(200, 7);
        std::vector<T> e(200);
        auto const out = taken(half_values<C>{inner, to}, g, e);
        std::vector<T> sent(200);
        out.add_to(T(1), view<cpu, T>(sent.data(), 200));
        std::size_t rounded = 0;
        for (std::size_t i = 0; i < 200; ++i) {
            BOOST_REQUIRE(sent[i] + e[i] == g[i]);
            rounded += sent[i] != 0 && e[i] != 0;
        }
        BOOST_TEST(rounded > 5);

        std::vector<std::byte> bytes(out.bytes());
        wire::encode<T>(out, {}, bytes);
        auto again = out;
        wire::decode<T>(std::span<std::byte const>(bytes), 200, again);
        std::vector<T> received(200);
        again.add_to(T(1), view<cpu, T>(received.data(), 200));
        BOOST_TEST(testing::same_bits(sent, received));
    }
}

BOOST_AUTO_TEST_CASE(the_residual_keeps_what_rounding_takes_off) {
    nothing_is_lost<float>(identity{});
    nothing_is_lost<double>(identity{});
    nothing_is_lost<float>(top_k{.ratio = 0.1});
    nothing_is_lost<double>(top_k{.ratio = 0.1});
    nothing_is_lost<float>(random_k{.ratio = 0.1});
    nothing_is_lost<float>(random_block{.ratio = 0.9});
    nothing_is_lost<float>(blockwise<top_k>{.inner = {.ratio = 0.2}, .size = 30});
    nothing_is_lost<float>(per_segment<top_k>{
        .inner = {.ratio = 0.2}, .layout = layout({{"weight", 19, 10}, {"bias", 10, 1}}), .dense_below = 20});
    nothing_is_lost<float>(any_of<scaled_sign, top_k>(top_k{.ratio = 0.2}));
}

BOOST_AUTO_TEST_CASE(too_large_for_fp16_stays_in_the_residual) {
    std::vector<float> e(3);
    auto const out = taken(half_values<identity>{.to = precision::fp16}, {1e6f, -70000.0f, 65504.0f}, e);
    BOOST_TEST(out.values[0] == 65504.0f);
    BOOST_TEST(out.values[1] == -65504.0f);
    BOOST_TEST(e[0] == 1e6f - 65504.0f);
    BOOST_TEST(e[1] == -70000.0f + 65504.0f);
    BOOST_TEST(e[2] == 0.0f);
}

BOOST_AUTO_TEST_CASE(values_take_two_bytes) {
    auto const g = testing::normal_vector<float>(1000, 1);
    std::vector<float> e(1000);
    auto const full = taken(top_k{.count = 50}, g, e);
    e.assign(1000, 0);
    auto const half = taken(half_values<top_k>{.inner = {.count = 50}}, g, e);
    BOOST_TEST(half.bytes() == full.bytes() - 100);
    BOOST_TEST(half.floats() == 75);
    e.assign(1000, 0);
    BOOST_TEST(taken(half_values<identity>{}, g, e).bytes() == 32u + 2000);
    BOOST_TEST(taken(half_values<scaled_sign>{}, g, e).bytes() == taken(scaled_sign{}, g, e).bytes());
}

// A message that another compressor used before travels in full again.
BOOST_AUTO_TEST_CASE(the_precision_is_of_one_message) {
    using choice = any_of<half_values<top_k>, top_k>;
    auto const v = testing::normal_vector<float>(100, 1);
    scratch<cpu> temporary;
    context<cpu> const at{{1, 2, 3, 4}, 0, &temporary};
    message_of<choice, cpu, float> m;
    choice(half_values<top_k>{.inner = {.count = 5}}).compress(view<cpu, float const>(v.data(), 100), m, at);
    auto const half = m.bytes();
    choice(top_k{.count = 5}).compress(view<cpu, float const>(v.data(), 100), m, at);
    BOOST_TEST(m.bytes() == half + 10);
}

// Error feedback makes up for bf16: without it the coordinate below would never move from 1.
BOOST_AUTO_TEST_CASE(runs_converge_with_error_feedback) {
    std::vector<float> w(50, 1.0f);
    auto run = train(gmc(half_values<top_k>{.inner = {.ratio = 0.1}}, {.beta = 0.5}), simulated{.workers = 4}, w);
    for (int t = 0; t < 600; ++t)
        run.step(0.02, [](worker_context at, std::span<float const> x, std::span<float> g) {
            for (std::size_t i = 0; i < x.size(); ++i) g[i] = x[i] - static_cast<float>(at.worker);
        });
    for (auto const x : w) BOOST_TEST(std::abs(x - 1.5f) < 0.05f);
    BOOST_TEST(run.traffic().total.up == 600u * 4 * (32 + 8 + 5 + 2 * 5));
}

BOOST_AUTO_TEST_SUITE_END()
