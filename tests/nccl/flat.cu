// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Every kind of message, flat and back.
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <terse/nccl.cuh>

#include "gpu/device.cuh"

BOOST_AUTO_TEST_SUITE(flat)

using namespace terse;
using terse_test::download;
using terse_test::upload;

namespace {

/// As a receiver has it who has sent a message like this.
template <class M>
M round_trip(M const& m, M const& like) {
    M received;
    auto const of = nccl::outline_of(m);
    buffer<thrust_device, std::byte> bytes(of.bytes);
    nccl::pack(m, bytes.data());
    nccl::unpack(of.header, bytes.data(), like, received);
    return received;
}

template <class M>
M round_trip(M const& m) {
    return round_trip(m, m);
}

template <class M>
std::vector<float> dense(M const& m) {
    auto y = upload<thrust_device>(std::vector<float>(m.dimension()));
    m.add_to(1.0f, view<thrust_device, float>(y));
    return download(view<thrust_device, float>(y));
}

template <class M>
void check_same(M const& m, M const& there) {
    BOOST_TEST(there.dimension() == m.dimension());
    BOOST_TEST(there.bytes() == m.bytes());
    BOOST_TEST(there.floats() == m.floats());
    BOOST_TEST(wire::kind_byte(there) == wire::kind_byte(m));
    BOOST_TEST(dense(there) == dense(m));
}
template <class M>
void check_round_trip(M const& m) {
    check_same(m, round_trip(m));
}

std::vector<float> some_numbers(std::size_t d) {
    std::vector<float> x(d);
    for (std::size_t i = 0; i < d; ++i) x[i] = std::sin(static_cast<float>(7 * i)) * static_cast<float>(i % 11);
    return x;
}

/// What a compressor makes of some numbers.
template <class C>
message_of<C, thrust_device, float> compressed(C const& c, std::size_t d = 1003) {
    auto const x = upload<thrust_device>(some_numbers(d));
    message_of<C, thrust_device, float> m;
    scratch<thrust_device> temporary;
    c.compress(view<thrust_device, float const>(x), m, {{.seed = 3, .workers = 2}, 0, &temporary});
    return m;
}

sparse_message<thrust_device, float> entries(std::size_t d, std::vector<index_t> const& at) {
    sparse_message<thrust_device, float> m;
    m.size = d;
    m.indices = upload<thrust_device>(at);
    m.values = upload<thrust_device>(std::vector<float>(at.size(), 2));
    return m;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_compressors_make) {
    check_round_trip(compressed(identity{}));
    check_round_trip(compressed(top_k{.ratio = 0.1}));
    check_round_trip(compressed(threshold{.at_least = 1e9})); // nothing
    check_round_trip(compressed(random_block{.ratio = 0.3}));
    check_round_trip(compressed(scaled_sign{}));
    check_round_trip(compressed(qsgd{.levels = 5}));
    check_round_trip(compressed(qsgd{.coding = level_coding::elias}));
    check_round_trip(compressed(natural{}));
    check_round_trip(compressed(blockwise<top_k>{.inner = {.ratio = 0.1}, .size = 100}));
    check_round_trip(compressed(composed<top_k, qsgd>{.select = {.ratio = 0.05}}));
    check_round_trip(compressed(half_values<top_k>{.inner = {.ratio = 0.1}}));
    check_round_trip(compressed(half_values<identity>{.to = wire::precision::bf16}));
    check_round_trip(compressed(any_of<top_k, scaled_sign>{scaled_sign{}}));
}

BOOST_AUTO_TEST_CASE(what_receivers_draw_for_themselves_is_left_out) {
    auto const shared = compressed(random_k{.ratio = 0.1}),
               own = compressed(random_k{.ratio = 0.1, .shared_support = false});
    check_round_trip(shared);
    auto const values = nccl::detail::aligned(shared.values.size() * sizeof(float));
    BOOST_TEST(nccl::outline_of(shared).bytes == values);
    BOOST_TEST(nccl::outline_of(own).bytes ==
               values + nccl::detail::aligned(own.indices.size() * sizeof(std::uint32_t)));
}

BOOST_AUTO_TEST_CASE(numbers_are_no_wider_than_they_must_be) {
    auto narrow = entries(std::size_t{1} << 32, {0, 5, 0xffff'ffff}),
         wide = entries((std::size_t{1} << 32) + 1, {0, 1, std::size_t{1} << 32});
    for (auto const* const m : {&narrow, &wide}) {
        auto const there = round_trip(*m);
        BOOST_TEST(download(view<thrust_device, index_t const>(there.indices)) ==
                   download(view<thrust_device, index_t const>(m->indices)));
        BOOST_TEST(there.size == m->size);
    }
    BOOST_TEST(nccl::outline_of(narrow).bytes == 16u + 16u);
    BOOST_TEST(nccl::outline_of(wide).bytes == 32u + 16u);
    auto const halves = compressed(half_values<identity>{}, 1000);
    BOOST_TEST(nccl::outline_of(halves).bytes == 2000u);
}

BOOST_AUTO_TEST_CASE(values_of_16_bits_keep_their_bits) {
    constexpr auto infinity = std::numeric_limits<float>::infinity();
    for (auto const p : {wire::precision::fp16, wire::precision::bf16}) {
        std::vector<float> all;
        for (unsigned h = 0; h < 0x10000; ++h)
            if (auto const x = wire::from_half<float>(static_cast<std::uint16_t>(h), p); x == x) all.push_back(x);
        BOOST_TEST(all.size() > 60'000u);
        BOOST_TEST(all.back() == -infinity);
        dense_message<thrust_device, float> m;
        m.values = upload<thrust_device>(all);
        m.precision = p;
        auto const there = round_trip(m);
        BOOST_TEST((terse_test::make_outcome("", download(view<thrust_device, float const>(there.values))) ==
                    terse_test::make_outcome("", all)));
    }
}

BOOST_AUTO_TEST_CASE(sketches_supports_and_values_of_the_host) {
    sketch_message<thrust_device, float> sketch;
    sketch.reset(1000, 3, 21);
    sketch.values = upload<thrust_device>(some_numbers(63));
    auto const there = round_trip(sketch);
    BOOST_TEST((there.size == 1000u && there.rows == 3u && there.columns == 21u));
    BOOST_TEST(download(view<thrust_device, float const>(there.values)) == some_numbers(63));

    support_message<thrust_device, float> support;
    support.reset(1000, 2);
    support.entries.indices = upload<thrust_device>(std::vector<index_t>{3, 999});
    BOOST_TEST(
        (download(view<thrust_device, index_t const>(round_trip(support).indices())) == std::vector<index_t>{3, 999}));
    BOOST_TEST(round_trip(support).bytes() == support.bytes());

    BOOST_TEST(round_trip(worker_figures{.gradient_squared = 4}).gradient_squared == 4.0);
    BOOST_TEST(nccl::outline_of(worker_figures{}).bytes == 0u);
}

BOOST_AUTO_TEST_CASE(a_message_may_be_of_another_kind_than_ones_own) {
    auto const own = compressed(any_of<top_k, scaled_sign>{scaled_sign{}});
    auto const m = compressed(any_of<top_k, scaled_sign>{top_k{.ratio = 0.1}});
    auto const there = round_trip(m, own);
    BOOST_TEST(there.held.index() == m.held.index());
    check_same(m, there);
}

BOOST_AUTO_TEST_SUITE_END()
