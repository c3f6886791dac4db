// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <terse/terse.hpp>

#include "wire/golden.hpp"

// What a decoder refuses because of its size, or because no kind has such values.
BOOST_AUTO_TEST_SUITE(limits)

using namespace terse;
using wire::fault;
using bytes = std::vector<std::byte>;
using checks::rounded;

template <class M>
bytes encoded(M const& m) {
    bytes out(m.bytes());
    wire::encode<float>(m, {}, out);
    return out;
}

// The code of the error, or 0.
template <class M>
int complaint(bytes const& in, std::uint64_t d, M m, std::uint64_t limit = wire::no_limit) {
    try {
        wire::decode<float>(std::span<std::byte const>(in), d, m, limit);
    } catch (wire::decode_error const& e) {
        return static_cast<int>(e.code);
    }
    return 0;
}
constexpr int too_much = static_cast<int>(fault::memory);

template <class M>
void takes(std::uint64_t memory, M const& m, M const& empty) {
    auto const in = encoded(m);
    BOOST_TEST(complaint(in, m.dimension(), empty, memory) == 0);
    BOOST_TEST(complaint(in, m.dimension(), empty, memory - 1) == too_much);
    BOOST_TEST(complaint(in, m.dimension(), empty, 0) == too_much);
}

BOOST_AUTO_TEST_CASE(a_message_takes_no_more_memory_than_the_caller_allows) {
    using dense = dense_message<cpu, float>;
    using sparse = sparse_message<cpu, float>;
    using signs = sign_message<cpu, float>;
    auto const whole = checks::golden_dense<float>({1, 2, 3});
    auto const entries = checks::golden_sparse<float>(300, {2, 3, 200}, {1, 2, 3});
    takes(12, whole, dense());
    takes(12, rounded(whole, wire::precision::bf16), dense()); // twice what travels
    takes(36, entries, sparse());
    takes(8, checks::golden_block<float>(10, 0, {1, 2}), block_message<cpu, float>());
    takes(16, checks::golden_signs<float>(65, 1, {1, 1}), signs());
    auto const both = checks::golden_bundle<sparse>({entries, entries});
    takes(2 * (sizeof(sparse) + sizeof(std::size_t) + 36), both, bundle<sparse>());
}

BOOST_AUTO_TEST_CASE(a_dimension_has_at_most_56_bits) {
    auto const most = wire::dimension_limit - 1;
    auto m = checks::golden_sparse<float>(most, {5, most - 1}, {1, 2});
    auto in = encoded(m);
    BOOST_TEST(complaint(in, most, m) == 0);
    for (std::uint64_t const d : {most + 1, std::numeric_limits<std::uint64_t>::max()}) {
        m.size = d;
        bytes out(m.bytes());
        BOOST_CHECK_THROW(wire::encode<float>(m, {}, out), dimension_error);
        for (std::size_t i = 0; i < 8; ++i) in[24 + i] = static_cast<std::byte>(d >> 8 * i);
        BOOST_TEST(complaint(in, d, m) == static_cast<int>(fault::dimension));
        // The number of words for the signs would wrap around.
        auto signs = encoded(checks::golden_signs<float>(64, 1, {1}));
        for (std::size_t i = 0; i < 8; ++i) signs[24 + i] = static_cast<std::byte>(d >> 8 * i);
        BOOST_TEST(complaint(signs, d, sign_message<cpu, float>()) == static_cast<int>(fault::dimension));
    }
}

BOOST_AUTO_TEST_CASE(only_values_have_a_precision) {
    auto const no_such = static_cast<int>(fault::kind);
    auto dense = encoded(checks::golden_dense<float>({1, 2}));
    dense[5] = std::byte{0x31};
    BOOST_TEST(complaint(dense, 2, dense_message<cpu, float>()) == no_such);
    auto signs = encoded(checks::golden_signs<float>(64, 1, {1}));
    signs[5] = std::byte{0x14};
    BOOST_TEST(complaint(signs, 64, sign_message<cpu, float>()) == no_such);
    using sparse = sparse_message<cpu, float>;
    auto parts = encoded(checks::golden_bundle<sparse>({checks::golden_sparse<float>(9, {1}, {1})}));
    parts[5] = std::byte{0x15};
    BOOST_TEST(complaint(parts, 9, bundle<sparse>()) == no_such);
}

// A part's precision is its own.
BOOST_AUTO_TEST_CASE(half_as_many_bytes_for_values) {
    using sparse = sparse_message<cpu, float>;
    auto const entries = checks::golden_sparse<float>(300, {2, 3, 200}, {1, 2, 3.1f});
    auto const half = rounded(entries, wire::precision::fp16);
    auto const in = encoded(checks::golden_bundle<sparse>({entries, half}));
    BOOST_TEST(in.size() == encoded(checks::golden_bundle<sparse>({entries, entries})).size() - 6);
    bundle<sparse> m;
    wire::decode<float>(std::span<std::byte const>(in), 600, m);
    BOOST_TEST(m.parts[0].values[2] == 3.1f);
    BOOST_TEST(m.parts[1].values[2] == half.values[2]);
    BOOST_TEST(half.values[2] != 3.1f);
    BOOST_TEST(m.floats() == 6 + 4.5);
}

BOOST_AUTO_TEST_SUITE_END()
