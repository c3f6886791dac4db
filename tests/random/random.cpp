// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include <terse/context.hpp>
#include <terse/random.hpp>

BOOST_AUTO_TEST_SUITE(random_tests)

using namespace terse;

// Philox4x32-10 as its authors published it: the key and the counter make these numbers.
BOOST_AUTO_TEST_CASE(the_generator_gives_the_published_numbers) {
    using counter = r123::Philox4x32::ctr_type;
    using key = r123::Philox4x32::key_type;
    r123::Philox4x32 const philox;
    BOOST_TEST(
        (philox(counter{{0, 0, 0, 0}}, key{{0, 0}}) == counter{{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}));
    BOOST_TEST((philox(counter{{~0u, ~0u, ~0u, ~0u}}, key{{~0u, ~0u}}) ==
                counter{{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}));
    BOOST_TEST((philox(counter{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, key{{0xa4093822, 0x299f31d0}}) ==
                counter{{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}));
}

// The layout of key and counter is a promise: seeds of old experiments keep their meaning.
BOOST_AUTO_TEST_CASE(a_stream_is_two_philox_calls) {
    std::uint64_t const seed = 0x0123456789abcdef, segment = 0xfedcba9876543210, round = 0x1122334455667788;
    std::uint64_t const index = 0x99aabbccddeeff00;
    r123::Philox4x32 const philox;
    auto const k = philox({{2, 0x76543210, 0xfedcba98, 0x11223344}}, {{0x89abcdef, 0x01234567}});
    auto const expected = philox({{0xddeeff00, 0x99aabbcc, 7, 0x55667788}}, {{k[0], k[1]}});
    auto const got = random_stream(seed, purpose::sample, 7, round, segment).block(index);
    for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(got[i] == expected[i]);
}

// These numbers never change.
BOOST_AUTO_TEST_CASE(the_numbers_of_a_stream_are_known) {
    random_stream const r(42, purpose::support, 3, 7, 1);
    std::array<std::uint64_t, 4> const known{14341953277255849681u, 10083952045265620490u, 7431627990884363001u,
                                             5914567057769900795u};
    for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(r.bits(i) == known[i]);
}

BOOST_AUTO_TEST_CASE(bits_are_the_halves_of_blocks) {
    random_stream const r(1, purpose::data);
    for (std::uint64_t i = 0; i < 8; ++i) {
        auto const b = r.block(i / 2);
        BOOST_TEST(r.bits(i) == (i % 2 == 0 ? b[0] | std::uint64_t{b[1]} << 32 : b[2] | std::uint64_t{b[3]} << 32));
    }
}

// Whatever differs, the numbers do: 12,000 draws of 64 bits without one repetition.
BOOST_AUTO_TEST_CASE(streams_never_meet) {
    std::set<std::uint64_t> seen;
    std::size_t draws = 0;
    auto const draw_from = [&](random_stream const& r) {
        for (std::uint64_t i = 0; i < 20; ++i, ++draws) seen.insert(r.bits(i));
    };
    std::uint64_t const one = 1;
    for (auto const use : {purpose::support, purpose::sample, purpose::rounding, purpose::batch, purpose::partition,
                           purpose::data, purpose::initial, purpose::user})
        for (std::uint32_t const worker : {0u, 1u, 2u, shared_by_all})
            for (std::uint64_t const round : {std::uint64_t{0}, one, one << 31, one << 32, (one << 32) + 1})
                for (std::uint64_t const segment : {std::uint64_t{0}, one, one << 32})
                    draw_from({5, use, worker, round, segment});
    for (std::uint64_t const seed : {std::uint64_t{6}, one << 32, (one << 32) + 5}) draw_from({seed, purpose::support});
    for (std::uint64_t const index : {one << 32, one << 33, one << 63}) {
        seen.insert(random_stream(5, purpose::support).bits(index));
        ++draws;
    }
    BOOST_TEST(seen.size() == draws);
}

BOOST_AUTO_TEST_CASE(contexts_name_their_streams) {
    worker_context const at{.seed = 9, .round = 4, .worker = 2, .workers = 8};
    BOOST_TEST(at.random(purpose::batch).bits(3) == random_stream(9, purpose::batch, 2, 4).bits(3));
    BOOST_TEST(at.shared_random(purpose::batch).bits(3) == random_stream(9, purpose::batch, shared_by_all, 4).bits(3));
    struct nowhere;
    context<nowhere> whole{at};
    BOOST_TEST(whole.own_stream(purpose::support).bits(0) == at.random(purpose::support).bits(0));
    std::set<std::uint64_t> segments{whole.segment};
    for (std::uint64_t i = 0; i < 10; ++i) {
        segments.insert(whole.part(i).segment);
        for (std::uint64_t j = 0; j < 10; ++j) segments.insert(whole.part(i).part(j).segment);
    }
    BOOST_TEST(segments.size() == 111u); // parts, and parts of parts, each have their own
}

BOOST_AUTO_TEST_CASE(below_stays_below_and_reaches_everything) {
    random_stream const r(2, purpose::data);
    for (std::uint64_t const n : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{1000},
                                  std::uint64_t{1} << 33, ~std::uint64_t{0}})
        for (std::uint64_t i = 0; i < 5000; ++i) BOOST_TEST_REQUIRE(r.below(i, n) < n);
    std::uint64_t most = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) most = std::max(most, r.below(i, std::uint64_t{1} << 40));
    BOOST_TEST(most > std::uint64_t{1} << 39);

    constexpr std::size_t cells = 48;
    constexpr double draws = 96000;
    std::vector<double> times(cells);
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(draws); ++i) ++times[r.below(i, cells)];
    double chi_square = 0;
    for (auto const n : times) chi_square += (n - draws / cells) * (n - draws / cells) / (draws / cells);
    BOOST_TEST(std::fabs(chi_square - 47) < 5 * std::sqrt(2 * 47.0));
}

BOOST_AUTO_TEST_CASE(uniform_numbers_lie_in_0_1_and_have_its_moments) {
    random_stream const r(3, purpose::data);
    constexpr std::uint64_t n = 200000;
    double mean = 0, square = 0, product = 0;
    for (std::uint64_t i = 0; i < n; ++i) {
        double const u = r.uniform(i);
        BOOST_TEST_REQUIRE(u >= 0);
        BOOST_TEST_REQUIRE(u < 1);
        mean += u / n;
        square += u * u / n;
        product += u * r.uniform(i + 1) / n;
    }
    double const root = std::sqrt(static_cast<double>(n));
    BOOST_TEST(std::fabs(mean - 1.0 / 2) < 5 * std::sqrt(1.0 / 12) / root);
    BOOST_TEST(std::fabs(square - 1.0 / 3) < 5 * std::sqrt(4.0 / 45) / root);
    BOOST_TEST(std::fabs(product - 1.0 / 4) < 5 * 0.3 / root); // neighbours are not correlated
}

BOOST_AUTO_TEST_CASE(normal_numbers_have_the_moments_of_the_bell) {
    random_stream const r(4, purpose::data);
    constexpr std::uint64_t n = 200000;
    std::array<double, 4> moment{};
    double beyond = 0, product = 0;
    for (std::uint64_t i = 0; i < n; ++i) {
        double const z = r.normal(i);
        BOOST_TEST_REQUIRE(std::isfinite(z));
        double power = 1;
        for (auto& m : moment) m += (power *= z) / n;
        beyond += std::fabs(z) > 1.959963984540054 ? 1.0 / n : 0;
        product += z * r.normal(i + 1) / n;
    }
    double const root = std::sqrt(static_cast<double>(n));
    BOOST_TEST(std::fabs(moment[0]) < 5 / root);
    BOOST_TEST(std::fabs(moment[1] - 1) < 5 * std::sqrt(2.0) / root);
    BOOST_TEST(std::fabs(moment[2]) < 5 * std::sqrt(15.0) / root);
    BOOST_TEST(std::fabs(moment[3] - 3) < 5 * std::sqrt(96.0) / root);
    BOOST_TEST(std::fabs(beyond - 0.05) < 5 * std::sqrt(0.05 * 0.95) / root);
    BOOST_TEST(std::fabs(product) < 5 / root);
}

BOOST_AUTO_TEST_SUITE_END()
