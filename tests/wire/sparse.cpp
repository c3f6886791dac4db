// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/random.hpp>
#include <terse/wire/sparse.hpp>

BOOST_AUTO_TEST_SUITE(sparse)

using namespace terse;
using message = sparse_message<cpu, float>;

message with_indices(std::size_t d, std::vector<std::uint64_t> const& indices) {
    message m;
    m.reset(d, indices.size());
    for (std::size_t j = 0; j < indices.size(); ++j) {
        m.indices[j] = indices[j];
        m.values[j] = 1;
    }
    return m;
}

// Seven bits a byte, written out: what lies between an index and the one before, less one.
std::uint64_t varint_bytes(std::vector<std::uint64_t> const& indices) {
    std::uint64_t bytes = 0, next = 0;
    for (auto const i : indices) {
        auto gap = i - next;
        do ++bytes;
        while ((gap >>= 7) != 0);
        next = i + 1;
    }
    return bytes;
}

std::uint64_t shortest(std::size_t d, std::vector<std::uint64_t> const& indices) {
    std::uint64_t const width = d <= std::uint64_t{1} << 32 ? 4 : 8;
    return std::min({width * indices.size(), varint_bytes(indices), std::uint64_t{d / 8 + (d % 8 != 0)}});
}

BOOST_AUTO_TEST_CASE(gaps_are_counted_as_they_would_be_written) {
    for (std::uint64_t const i : {0ull, 1ull, 127ull, 128ull, 16383ull, 16384ull, 2097151ull, 2097152ull, 268435455ull,
                                  268435456ull, (1ull << 35) - 1, 1ull << 35, 1ull << 62}) {
        BOOST_TEST(cpu::delta_bytes(with_indices(1, {i}).indices) == varint_bytes({i}));
        BOOST_TEST(cpu::delta_bytes(with_indices(1, {5, 6 + i}).indices) == varint_bytes({5, 6 + i}));
    }
    BOOST_TEST(varint_bytes({127}) == 1u);
    BOOST_TEST(varint_bytes({128}) == 2u);
    BOOST_TEST(varint_bytes({0, 128}) == 2u); // the gap is 127
}

BOOST_AUTO_TEST_CASE(the_shortest_coding_is_taken) {
    random_stream const r(1, purpose::data);
    for (std::uint64_t n = 0; n < 2000; ++n) {
        std::size_t const d = 1 + r.below(3 * n, n % 2 == 0 ? 70 : 1000000);
        auto const step = 1 + r.below(3 * n + 1, d);
        std::vector<std::uint64_t> indices;
        for (std::uint64_t i = r.below(3 * n + 2, d); i < d && indices.size() < 500; i += 1 + (i * 7919 + n) % step)
            indices.push_back(i);
        auto const m = with_indices(d, indices);
        BOOST_TEST_REQUIRE(m.index_bytes() == shortest(d, indices));
        BOOST_TEST_REQUIRE(m.bytes() == 32 + 8 + shortest(d, indices) + 4 * indices.size());
        BOOST_TEST_REQUIRE(m.floats() == 2.0 * static_cast<double>(indices.size()));
    }
}

BOOST_AUTO_TEST_CASE(sizes_by_hand) {
    BOOST_TEST(with_indices(1000, {}).bytes() == 40u);
    BOOST_TEST(with_indices(1000, {3}).bytes() == 40u + 1 + 4);              // a gap of one byte
    BOOST_TEST(with_indices(1000, {500}).bytes() == 40u + 2 + 4);            // of two
    BOOST_TEST(with_indices(1u << 30, {1u << 29}).bytes() == 40u + 4 + 4);   // plain, where a gap takes five
    BOOST_TEST(with_indices(8, {0, 2, 4, 6, 7}).bytes() == 40u + 1 + 5 * 4); // a bitmap
    BOOST_TEST(with_indices(9, {0, 8}).bytes() == 40u + 2 + 2 * 4);
}

BOOST_AUTO_TEST_CASE(a_bitmap_is_taken_from_one_entry_in_eight_on) {
    auto const every = [](std::size_t d, std::size_t step) {
        std::vector<std::uint64_t> indices;
        for (std::size_t i = 0; i < d; i += step) indices.push_back(i);
        return with_indices(d, indices).index_bytes();
    };
    BOOST_TEST(every(8000, 9) == 889u);  // gaps
    BOOST_TEST(every(8000, 8) == 1000u); // both
    BOOST_TEST(every(8000, 7) == 1000u); // the bitmap; gaps would take 1,143
    BOOST_TEST(every(8000, 1) == 1000u);
}

// Few entries of a vector that no memory holds.
BOOST_AUTO_TEST_CASE(dimensions_above_32_bits_take_indices_of_64) {
    std::uint64_t const one = 1;
    auto const limit = one << 32;
    // Far apart, so that gaps are longer than plain indices.
    BOOST_TEST(with_indices(limit, {limit - 1}).index_bytes() == 4u);
    BOOST_TEST(with_indices(limit + 1, {limit - 1}).index_bytes() == 5u); // a gap of five bytes; plain would take 8
    BOOST_TEST(with_indices(limit + 1, {limit}).index_bytes() == 5u);
    BOOST_TEST(with_indices(one << 62, {(one << 61) + 5}).index_bytes() == 8u); // plain; the gap would take nine
    BOOST_TEST(with_indices(one << 62, {one << 40, (one << 61) + 5}).index_bytes() == 6u + 9);
    BOOST_TEST(with_indices(one << 63, {one << 57, one << 62}).index_bytes() == 16u);
    BOOST_TEST(with_indices(one << 63, {one << 57, one << 62}).bytes() == 40u + 16 + 2 * 4);
}

BOOST_AUTO_TEST_CASE(a_shared_support_takes_no_indices) {
    message m;
    m.reset(1000, 10, true);
    BOOST_TEST(m.bytes() == 40u + 10 * 4);
    BOOST_TEST(m.floats() == 10);
    m.reset(1000, 10);
    BOOST_TEST(!m.shared_support);
}

BOOST_AUTO_TEST_SUITE_END()
