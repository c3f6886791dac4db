// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/wire/block.hpp>
#include <terse/wire/bundle.hpp>
#include <terse/wire/codec.hpp>
#include <terse/wire/dense.hpp>
#include <terse/wire/either.hpp>
#include <terse/wire/signs.hpp>
#include <terse/wire/sparse.hpp>
#include <terse/wire/update.hpp>

// What the messages of one kind and their containers do to vectors, and what they cost. Sparse ones have their own
// file.
BOOST_AUTO_TEST_SUITE(messages)

using namespace terse;

template <class M>
std::vector<double> added(M const& m, double a, std::vector<double> y) {
    m.add_to(a, view<cpu, double>(y.data(), y.size()));
    return y;
}
template <class M>
std::vector<double> cleared(M const& m, std::vector<double> y) {
    m.clear_in(view<cpu, double>(y.data(), y.size()));
    return y;
}
using numbers = std::vector<double>;

sparse_message<cpu, double> two_entries() {
    sparse_message<cpu, double> m;
    m.reset(4, 2);
    m.indices[0] = 1;
    m.indices[1] = 3;
    m.values[0] = 5;
    m.values[1] = -6;
    return m;
}

BOOST_AUTO_TEST_CASE(dense_messages_carry_everything) {
    dense_message<cpu, double> m;
    m.reset(3);
    for (std::size_t i = 0; i < 3; ++i) m.values[i] = static_cast<double>(i + 1);
    BOOST_TEST(m.dimension() == 3u);
    BOOST_TEST((added(m, 2, {10, 10, 10}) == numbers{12, 14, 16}));
    BOOST_TEST((cleared(m, {1, 2, 3}) == numbers{0, 0, 0}));
    BOOST_TEST(m.bytes() == 32u + 24);
    BOOST_TEST(m.floats() == 3);
    dense_message<cpu, float> f;
    f.reset(1000);
    BOOST_TEST(f.bytes() == 4032u);
}

BOOST_AUTO_TEST_CASE(sparse_messages_carry_their_entries) {
    BOOST_TEST((added(two_entries(), 2, {1, 1, 1, 1}) == numbers{1, 11, 1, -11}));
    BOOST_TEST((cleared(two_entries(), {1, 2, 3, 4}) == numbers{1, 0, 3, 0}));
}

BOOST_AUTO_TEST_CASE(blocks_wrap_around) {
    block_message<cpu, double> m;
    m.reset(5, 3, 4);
    for (std::size_t j = 0; j < 4; ++j) m.values[j] = static_cast<double>(j + 1);
    BOOST_TEST(m.before_wrap() == 2u);
    BOOST_TEST((added(m, 1, {0, 0, 0, 0, 0}) == numbers{3, 4, 0, 1, 2}));
    BOOST_TEST((added(m, -1, {0, 0, 0, 0, 0}) == numbers{-3, -4, 0, -1, -2}));
    BOOST_TEST((cleared(m, {9, 9, 9, 9, 9}) == numbers{0, 0, 9, 0, 0}));
    BOOST_TEST(m.bytes() == 32u + 8 + 4 * 8);
    BOOST_TEST(m.floats() == 4);
    m.reset(5, 0, 5);
    BOOST_TEST(m.before_wrap() == 5u);
    m.reset(std::size_t{1} << 40, (std::size_t{1} << 40) - 1, 3); // no memory holds the vector
    BOOST_TEST(m.before_wrap() == 1u);
    BOOST_TEST(m.bytes() == 32u + 8 + 3 * 8);
}

BOOST_AUTO_TEST_CASE(signs_take_a_bit_each) {
    sign_message<cpu, double> m;
    m.reset(3);
    m.scale = 2;
    m.bits[0] = 0b101;
    BOOST_TEST((added(m, 3, {1, 1, 1}) == numbers{7, -5, 7}));
    BOOST_TEST((cleared(m, {1, 2, 3}) == numbers{0, 0, 0}));
    BOOST_TEST(m.bytes() == 32u + 8 + 1);
    for (std::size_t const d : {1u, 7u, 8u, 9u, 63u, 64u, 65u, 1000u}) {
        m.reset(d);
        BOOST_TEST(m.bytes() == 32 + 8 + d / 8 + (d % 8 != 0));
        BOOST_TEST(m.bits.size() == d / 64 + (d % 64 != 0));
        BOOST_TEST(m.floats() == static_cast<double>(d) / 32 + 1);
    }
    // Sizes that single precision cannot count.
    std::size_t const large = (std::size_t{1} << 33) + 9;
    sign_message<cpu, float> f;
    f.size = large;
    BOOST_TEST(f.payload_bytes() == 4 + (std::uint64_t{1} << 30) + 2);
}

BOOST_AUTO_TEST_CASE(bundles_add_up_their_parts) {
    bundle<sparse_message<cpu, double>> m;
    m.reset(8, 2);
    m.parts[0] = two_entries();
    m.parts[1] = two_entries();
    m.offsets = {0, 4};
    BOOST_TEST(m.dimension() == 8u);
    BOOST_TEST((added(m, 1, numbers(8)) == numbers{0, 5, 0, -6, 0, 5, 0, -6}));
    BOOST_TEST((cleared(m, numbers(8, 1)) == numbers{1, 0, 1, 0, 1, 0, 1, 0}));
    BOOST_TEST(m.bytes() == 32u + 2 * (8 + 8 + 1 + 16)); // a bitmap of one byte
    BOOST_TEST(m.floats() == 8);
    bundle<bundle<sparse_message<cpu, double>>> outer;
    outer.reset(8, 1);
    outer.parts[0] = m;
    outer.offsets = {0};
    BOOST_TEST(outer.bytes() == m.bytes() + 8);
    BOOST_TEST((added(outer, 1, numbers(8)) == added(m, 1, numbers(8))));
}

BOOST_AUTO_TEST_CASE(either_travels_as_what_it_holds) {
    either<dense_message<cpu, double>, sparse_message<cpu, double>> m;
    BOOST_TEST((wire::kind_of(m) == wire::kind::dense));
    m.as<sparse_message<cpu, double>>() = two_entries();
    BOOST_TEST((wire::kind_of(m) == wire::kind::sparse));
    BOOST_TEST(m.dimension() == 4u);
    BOOST_TEST(m.bytes() == two_entries().bytes());
    BOOST_TEST(m.floats() == two_entries().floats());
    BOOST_TEST((added(m, 1, numbers(4)) == numbers{0, 5, 0, -6}));
    BOOST_TEST((cleared(m, numbers(4, 1)) == numbers{1, 0, 1, 0}));
    auto* const memory = m.as<sparse_message<cpu, double>>().values.data();
    BOOST_TEST((m.as<sparse_message<cpu, double>>().values.data() == memory)); // asking again loses nothing
}

BOOST_AUTO_TEST_CASE(either_of_eithers_is_read_as_what_it_was) {
    using inner = either<sign_message<cpu, double>, sparse_message<cpu, double>>;
    using outer = either<inner, dense_message<cpu, double>>;
    static_assert(outer::can_be(wire::kind::sparse) && outer::can_be(wire::kind::dense));
    static_assert(!outer::can_be(wire::kind::block) && !inner::can_be(wire::kind::dense));
    outer m;
    m.as<inner>().as<sparse_message<cpu, double>>() = two_entries();
    std::vector<std::byte> bytes(m.bytes());
    wire::encode<double>(m, {}, bytes);
    outer read;
    read.as<dense_message<cpu, double>>();
    wire::decode<double>(std::span<std::byte const>(bytes), 4, read);
    BOOST_TEST((added(read, 1, numbers(4)) == numbers{0, 5, 0, -6}));
    m.as<dense_message<cpu, double>>().reset(4);
    bytes.resize(m.bytes());
    wire::encode<double>(m, {}, bytes);
    wire::decode<double>(std::span<std::byte const>(bytes), 4, read);
    BOOST_TEST((wire::kind_of(read) == wire::kind::dense));
}

BOOST_AUTO_TEST_CASE(the_first_update_changes_nothing) {
    update<cpu, double> u;
    BOOST_TEST(u.dimension() == 0u);
    BOOST_TEST((added(u, 1, {1, 2}) == numbers{1, 2}));
    BOOST_TEST((cleared(u, {1, 2}) == numbers{1, 2}));
    BOOST_TEST(u.floats() == 0);
}

BOOST_AUTO_TEST_CASE(updates_are_read_as_they_were) {
    using form = update<cpu, double>::form;
    auto const travels = [](update<cpu, double> const& u, update<cpu, double> read = {}) {
        std::vector<std::byte> bytes(u.bytes());
        wire::encode<double>(u, {}, bytes);
        auto const d = u.dimension();
        wire::decode<double>(std::span<std::byte const>(bytes), d, read);
        BOOST_TEST((read.shape == u.shape));
        BOOST_TEST(read.support == u.support);
        BOOST_TEST(read.floats() == u.floats());
        BOOST_TEST(read.bytes() == u.bytes());
        BOOST_TEST((added(read, 2, numbers(d, 1)) == added(u, 2, numbers(d, 1))));
    };
    update<cpu, double> dense, bitmap, sparse, shared, block, parts;
    dense.become_dense(3);
    for (std::size_t i = 0; i < 3; ++i) dense.dense.values[i] = static_cast<double>(i);
    travels(dense);
    bitmap.become_dense(40);
    for (std::size_t i = 0; i < 40; ++i) bitmap.dense.values[i] = i % 3 == 1 ? 0 : static_cast<double>(i + 1);
    bitmap.support = 27;
    BOOST_TEST((wire::kind_of(bitmap) == wire::kind::sparse));
    travels(bitmap);
    sparse.sparse = two_entries();
    travels(sparse);
    travels(sparse, dense); // whatever it was before
    shared = sparse;
    shared.sparse.shared_support = true;
    update<cpu, double> like;
    like.share(shared.sparse);
    travels(shared, like);
    BOOST_CHECK_THROW(travels(shared), wire::decode_error); // the support does not travel
    block.shape = form::block;
    block.block.reset(7, 5, 3);
    for (std::size_t i = 0; i < 3; ++i) block.block.values[i] = static_cast<double>(i + 1);
    like = {};
    like.share(block.block);
    travels(block, like);
    parts.shape = form::parts;
    parts.parts = {sparse, dense, shared, bitmap};
    bundle<either<sparse_message<cpu, double>, dense_message<cpu, double>>> own;
    own.reset(parts.dimension(), 4);
    for (auto& part : own.parts) part.as<sparse_message<cpu, double>>();
    own.parts[2].as<sparse_message<cpu, double>>() = shared.sparse;
    like = {};
    like.share(own);
    travels(parts, like);
}

BOOST_AUTO_TEST_CASE(updates_have_the_kind_of_their_form) {
    update<cpu, double> u;
    using form = update<cpu, double>::form;
    for (auto const& [shape, kind] : std::vector<std::pair<form, wire::kind>>{{form::dense, wire::kind::dense},
                                                                              {form::sparse, wire::kind::sparse},
                                                                              {form::block, wire::kind::block},
                                                                              {form::parts, wire::kind::bundle}}) {
        u.shape = shape;
        BOOST_TEST((wire::kind_of(u) == kind));
    }
}

BOOST_AUTO_TEST_SUITE_END()
