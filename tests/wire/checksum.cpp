// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <terse/terse.hpp>

#include "wire/golden.hpp"

// With a checksum, no message becomes another one by a few flipped bits.
BOOST_AUTO_TEST_SUITE(checksum)

using terse::cpu;

struct fixture {
    terse::sign_message<cpu, float> const message = checks::golden_signs<float>(70, 0.25f, {0x123456789abcdef0, 0x2a});
    std::vector<std::byte> sent = std::vector<std::byte>(message.bytes());
    fixture() { terse::wire::encode<float>(message, {.worker = 3, .round = 4, .checksum = true}, sent); }

    void flip(std::size_t bit) { sent[bit / 8] ^= static_cast<std::byte>(1u << bit % 8); }
    bool refused() const {
        terse::sign_message<cpu, float> m;
        try {
            terse::wire::decode<float>(std::span<std::byte const>(sent), 70, m);
        } catch (terse::wire::decode_error const&) {
            return true;
        }
        return false;
    }
};

BOOST_FIXTURE_TEST_CASE(one_or_two_flipped_bits_are_noticed, fixture) {
    BOOST_TEST(!refused());
    for (std::size_t i = 0; i < 8 * sent.size(); ++i) {
        flip(i);
        BOOST_REQUIRE(refused());
        for (std::size_t j = 0; j < i; ++j) {
            flip(j);
            BOOST_REQUIRE(refused());
            flip(j);
        }
        flip(i);
    }
    BOOST_TEST(!refused());
}

BOOST_FIXTURE_TEST_CASE(three_flipped_bits_are_noticed, fixture) {
    terse::random_stream const random(9, terse::purpose::user);
    auto const bits = 8 * sent.size();
    for (std::uint64_t t = 0; t < 100000; ++t) {
        auto const a = random.below(3 * t, bits), b = random.below(3 * t + 1, bits), c = random.below(3 * t + 2, bits);
        for (auto const bit : {a, b, c}) flip(bit);
        BOOST_REQUIRE((refused() || a == b || b == c || a == c));
        for (auto const bit : {a, b, c}) flip(bit);
    }
}

BOOST_AUTO_TEST_SUITE_END()
