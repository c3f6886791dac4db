// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <terse/terse.hpp>
#include <terse/wire/codec.hpp>

namespace {

using terse::cpu;
using terse::view;
using terse::wire::decode_error;
using terse::wire::fault;

using bytes = std::vector<std::byte>;

template <class T, class M>
bytes encoded(M const& m, terse::wire::envelope e = {}) {
    bytes out(m.bytes());
    terse::wire::encode<T>(m, e, out);
    return out;
}

template <class T, class M>
terse::wire::envelope decoded(bytes const& in, std::size_t d, M& m) {
    return terse::wire::decode<T>(std::span<std::byte const>(in), d, m);
}

// A message of the compressor, of normal values with some exact zeros.
template <class T, class C>
auto message_from(C const& c, std::size_t d, std::uint64_t seed) {
    std::vector<T> v(d);
    terse::random_stream const random(seed, terse::purpose::user);
    for (std::size_t i = 0; i < d; ++i) v[i] = i % 7 == 3 ? T(0) : static_cast<T>(random.normal(i));
    terse::message_of<C, cpu, T> m;
    terse::scratch<cpu> temporary;
    c.compress(view<cpu, T const>(v.data(), d), m, terse::context<cpu>{{seed, 2, 3, 4}, 0, &temporary});
    return m;
}

std::vector<std::size_t> const dimensions{1, 2, 31, 32, 33, 63, 64, 65, 1000, 65535, 65536, 65537};

// Calls f(compressor) for compressors that make every kind of message and every coding of indices.
template <class F>
void for_each_compressor(F f) {
    f(terse::identity{});
    f(terse::top_k{.ratio = 0.001});
    f(terse::top_k{.ratio = 0.1});
    f(terse::top_k{.ratio = 1.0});
    f(terse::random_k{.ratio = 0.2});
    f(terse::random_k{.ratio = 0.0001, .shared_support = false});
    f(terse::random_block{.ratio = 0.3});
    f(terse::scaled_sign{});
    f(terse::blockwise<terse::scaled_sign>{.size = 40});
    f(terse::blockwise<terse::top_k>{.inner = {.ratio = 0.1}, .size = 300});
    f(terse::any_of<terse::identity, terse::scaled_sign>(terse::scaled_sign{}));
}

template <class M>
void expect_fault(fault code, bytes const& in, std::size_t d, M m) {
    BOOST_CHECK_EXCEPTION(decoded<float>(in, d, m), decode_error, [&](decode_error const& e) {
        BOOST_TEST_CONTEXT(e.what()) BOOST_TEST(static_cast<int>(e.code) == static_cast<int>(code));
        return e.code == code && e.offset <= in.size();
    });
}

terse::sparse_message<cpu, float> sparse(std::size_t d, std::vector<std::uint64_t> const& indices) {
    terse::sparse_message<cpu, float> m;
    m.reset(d, indices.size());
    for (std::size_t j = 0; j < indices.size(); ++j) {
        m.indices[j] = indices[j];
        m.values[j] = static_cast<float>(j + 1);
    }
    return m;
}

} // namespace

BOOST_AUTO_TEST_SUITE(codec)

BOOST_AUTO_TEST_CASE(the_encoding_has_the_announced_size_and_comes_back_bit_for_bit) {
    for_each_compressor([](auto const& c) {
        for (auto const d : dimensions)
            for (std::uint64_t seed = 0; seed < 3; ++seed) {
                auto const m = message_from<double>(c, d, seed);
                terse::wire::envelope const e{
                    .worker = 7, .round = (std::uint64_t{1} << 40) + seed, .checksum = seed == 1};
                auto const once = encoded<double>(m, e);
                auto again = m; // keeps what does not travel
                BOOST_TEST((decoded<double>(once, d, again) == e));
                BOOST_TEST((encoded<double>(again, e) == once));
                std::vector<double> x(d);
                std::vector<double> y(d);
                m.add_to(1.0, view<cpu, double>(x.data(), d));
                again.add_to(1.0, view<cpu, double>(y.data(), d));
                BOOST_TEST((x == y));
            }
    });
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
    for_each_compressor([](auto const& c) {
        for (std::size_t const d : {1u, 2u, 33u, 200u}) {
            auto const m = message_from<float>(c, d, 5);
            auto const whole = encoded<float>(m);
            for (std::size_t n = 0; n < whole.size(); ++n) {
                auto again = m;
                BOOST_CHECK_THROW(
                    decoded<float>(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)), d, again),
                    decode_error);
            }
            auto longer = whole;
            longer.push_back(std::byte{0});
            expect_fault(fault::trailing, longer, d, m);
        }
    });
}

// Without a checksum some changes make another message; it must be one that has exactly these bytes as its encoding.
BOOST_AUTO_TEST_CASE(a_flipped_bit_is_refused_or_makes_another_canonical_message) {
    for_each_compressor([](auto const& c) {
        for (std::size_t const d : {1u, 33u, 70u}) {
            auto const m = message_from<float>(c, d, 6);
            for (bool const checksum : {false, true}) {
                auto const whole = encoded<float>(m, {.checksum = checksum});
                for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
                    auto changed = whole;
                    changed[bit / 8] ^= std::byte(1u << bit % 8);
                    auto again = m;
                    try {
                        auto const e = decoded<float>(changed, d, again);
                        BOOST_TEST(!checksum);
                        BOOST_TEST((encoded<float>(again, e) == changed));
                    } catch (decode_error const&) {
                    }
                }
            }
        }
    });
}

BOOST_AUTO_TEST_CASE(each_fault_of_the_header_has_its_code) {
    auto const m = sparse(100, {3, 50});
    auto const good = encoded<float>(m);
    auto const with = [&](std::size_t at, unsigned value) {
        auto b = good;
        b[at] = std::byte(value);
        return b;
    };
    expect_fault(fault::magic, with(0, 'X'), 100, m);
    expect_fault(fault::version, with(4, 2), 100, m);
    expect_fault(fault::kind, with(5, 1), 100, m);
    expect_fault(fault::kind, with(5, 99), 100, m);
    expect_fault(fault::scalar, with(6, 8), 100, m);
    expect_fault(fault::flags, with(7, 2), 100, m);
    expect_fault(fault::flags, with(12, 1), 100, m);
    expect_fault(fault::checksum, with(7, 1), 100, m);
    expect_fault(fault::dimension, with(24, 101), 100, m);
    expect_fault(fault::dimension, good, 101, m);
}

BOOST_AUTO_TEST_CASE(each_fault_of_indices_has_its_code) {
    // 70 and 80 of 100 travel as gaps: 70, 9
    auto const gaps = encoded<float>(sparse(100, {70, 80}));
    BOOST_TEST(std::to_integer<int>(gaps[32]) == 3);
    auto bad = gaps;
    bad[32] = std::byte{9};
    expect_fault(fault::coding, bad, 100, sparse(100, {}));
    bad = gaps;
    bad[41] = std::byte{29}; // 70 + 1 + 29 = 100
    expect_fault(fault::index_range, bad, 100, sparse(100, {}));
    bad = gaps;
    bad[33] = std::byte{101};
    expect_fault(fault::count, bad, 100, sparse(100, {}));
    bad = gaps; // 70 as 198 0: two bytes for one
    bad[40] = std::byte{70 | 0x80};
    bad[41] = std::byte{0};
    expect_fault(fault::not_canonical, bad, 100, sparse(100, {}));
    bad = gaps;
    bad[32] = std::byte{0}; // a shared support that the receiver does not have
    expect_fault(fault::count, bad, 100, sparse(100, {}));

    // Plain indices are shortest only for far apart ones: gaps of five bytes against four.
    auto const d = std::size_t{1} << 32;
    auto const far = sparse(d, {std::uint64_t{1} << 29, std::uint64_t{3} << 29});
    auto const plain = encoded<float>(far);
    BOOST_TEST(std::to_integer<int>(plain[32]) == 1);
    auto same = plain;
    std::copy_n(plain.begin() + 40, 4, same.begin() + 44);
    expect_fault(fault::index_duplicate, same, d, sparse(d, {}));
    auto swapped = plain;
    std::copy_n(plain.begin() + 40, 4, swapped.begin() + 44);
    std::copy_n(plain.begin() + 44, 4, swapped.begin() + 40);
    expect_fault(fault::index_order, swapped, d, sparse(d, {}));
}

BOOST_AUTO_TEST_CASE(a_scale_must_be_a_magnitude) {
    auto m = message_from<float>(terse::scaled_sign{}, 10, 1);
    for (float const scale : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1.0f}) {
        m.scale = scale;
        expect_fault(fault::scale, encoded<float>(m), 10, m);
    }
}

BOOST_AUTO_TEST_CASE(parts_must_make_up_the_vector) {
    auto const m = message_from<float>(terse::blockwise<terse::scaled_sign>{.size = 40}, 100, 1);
    auto bad = encoded<float>(m);
    bad[33] = std::byte{101};
    expect_fault(fault::dimension, bad, 100, m);
    bad[33] = std::byte{0};
    expect_fault(fault::dimension, bad, 100, m);
}

// Format version 1. These bytes never change.
BOOST_AUTO_TEST_CASE(the_bytes_of_version_1) {
    auto const m = sparse(300, {2, 3, 200});
    std::vector<unsigned> const expected{0x54, 0x52, 0x53, 0x45, 1,    2,    4, 1, 5, 0,    0,    0, 0x41, 0xe1,
                                         0x2d, 0x5a, 6,    0,    0,    0,    0, 0, 0, 0,    0x2c, 1, 0,    0,
                                         0,    0,    0,    0,    3,    3,    0, 0, 0, 0,    0,    0, 2,    0,
                                         0xc4, 1,    0,    0,    0x80, 0x3f, 0, 0, 0, 0x40, 0,    0, 0x40, 0x40};
    auto const actual = encoded<float>(m, {.worker = 5, .round = 6, .checksum = true});
    BOOST_REQUIRE(actual.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        BOOST_TEST_CONTEXT("byte " << i) BOOST_TEST(std::to_integer<unsigned>(actual[i]) == expected[i]);
}

BOOST_AUTO_TEST_CASE(the_checksum_is_crc32c) {
    auto const crc = [](std::string const& text) {
        return terse::wire::crc32c(std::as_bytes(std::span<char const>(text)));
    };
    std::string up, down;
    for (int i = 0; i < 32; ++i) {
        up.push_back(static_cast<char>(i));
        down.push_back(static_cast<char>(31 - i));
    }
    BOOST_TEST(crc("123456789") == 0xe3069283u);
    BOOST_TEST(crc(std::string(32, '\0')) == 0x8a9136aau); // RFC 3720, appendix B, as the next
    BOOST_TEST(crc(std::string(32, '\xff')) == 0x62a8ab43u);
    BOOST_TEST(crc(up) == 0x46dd794eu);
    BOOST_TEST(crc(down) == 0x113fdb5cu);
    BOOST_TEST(crc("") == 0u);
}

BOOST_AUTO_TEST_CASE(the_checksum_does_not_depend_on_where_bytes_are_cut) {
    terse::random_stream const random(3, terse::purpose::user);
    bytes all(70);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::byte>(random.below(i, 256));
    std::span<std::byte const> const whole = all;
    for (std::size_t n = 0; n <= all.size(); ++n) {
        auto c = 0xffffffffu; // bit by bit
        for (auto const b : whole.first(n)) {
            c ^= static_cast<std::uint32_t>(b);
            for (int bit = 0; bit < 8; ++bit) c = (c >> 1) ^ ((c & 1) != 0 ? 0x82f63b78u : 0u);
        }
        BOOST_TEST(terse::wire::crc32c(whole.first(n)) == ~c);
        for (std::size_t cut = 0; cut <= n; ++cut)
            BOOST_TEST(terse::wire::crc32c(whole.subspan(cut, n - cut), terse::wire::crc32c(whole.first(cut))) == ~c);
    }
}

BOOST_AUTO_TEST_CASE(the_output_must_have_the_size_of_the_message) {
    auto const m = sparse(10, {1});
    bytes out(m.bytes() - 1);
    BOOST_CHECK_THROW(terse::wire::encode<float>(m, {}, out), terse::dimension_error);
}

BOOST_AUTO_TEST_SUITE_END()
