// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <terse/terse.hpp>

#include "fuzz/require.hpp"

namespace fuzz {

using terse::cpu;
using terse::view;
using terse::wire::decode_error;
using terse::wire::fault;

using bytes = std::span<std::byte const>;

/// A number of a message's header, 0 where there is none.
template <class X>
X field(bytes in, std::size_t offset) {
    X x{};
    if (offset + sizeof x <= in.size()) std::memcpy(&x, in.data() + offset, sizeof x);
    return x;
}
inline std::uint32_t worker_of(bytes in) { return field<std::uint32_t>(in, 8); }
inline std::uint64_t dimension_of(bytes in) { return field<std::uint64_t>(in, 24); }

/// What every message of a kind satisfies.
template <class M>
void check(terse::bundle<M> const& m);

template <class T>
void check(terse::dense_message<cpu, T> const&) {}

template <class T>
void check(terse::sparse_message<cpu, T> const& m) {
    require(m.indices.size() == m.values.size(), "as many indices as values");
    for (std::size_t j = 0; j < m.indices.size(); ++j) {
        require(m.indices[j] < m.size, "indices below the dimension");
        require(j == 0 || m.indices[j] > m.indices[j - 1], "ascending indices");
    }
}

template <class T>
void check(terse::block_message<cpu, T> const& m) {
    require(m.first < m.size, "a block that begins inside the vector");
    require(m.values.size() <= m.size, "a block that is not longer than the vector");
}

template <class T>
void check(terse::sign_message<cpu, T> const& m) {
    require(std::isfinite(m.scale) && m.scale >= 0, "a magnitude");
    require(m.bits.size() == m.size / 64 + (m.size % 64 != 0 ? 1 : 0), "a word for 64 signs");
    if (m.size % 64 != 0) require(m.bits[m.size / 64] >> m.size % 64 == 0, "no sign after the last");
}

template <class T>
void check(terse::sketch_message<cpu, T> const& m) {
    require(m.rows > 0 && m.columns > 0 && m.values.size() == m.rows * m.columns, "a table");
}

template <class T>
void check(terse::support_message<cpu, T> const& m) {
    require(m.entries.values.size() == 0, "no values");
    for (std::size_t j = 0; j < m.indices().size(); ++j) {
        require(m.indices()[j] < m.dimension(), "indices below the dimension");
        require(j == 0 || m.indices()[j] > m.indices()[j - 1], "ascending indices");
    }
}

template <class T>
void check(terse::level_message<cpu, T> const& m) {
    require(m.words.size() == m.grid.words(m.size), "a word for each so many levels");
    require(m.size == 0 || m.units.size() == m.grid.buckets(m.size), "a unit for each bucket");
    auto const s = static_cast<std::int32_t>(m.grid.levels);
    for (std::size_t i = 0; i < m.size; ++i) require(-s <= m.level(i) && m.level(i) <= s, "levels up to the largest");
    for (auto const unit : view<cpu, T const>(m.units)) require(unit >= 0 && std::isfinite(unit), "a unit");
}

template <class T>
void check(terse::power_message<cpu, T> const& m) {
    for (auto const x : view<cpu, T const>(m.values)) {
        int exponent = 0;
        require(x == 0 || std::isnan(x) || std::fabs(std::frexp(x, &exponent)) == T(0.5), "powers of two");
    }
}

template <class T, class M>
void check(terse::composed_message<cpu, T, M> const& m) {
    check(m.entries);
    if (m.entries.values.size() == 0) return;
    check(m.values);
    require(m.values.dimension() == m.entries.values.size(), "a value for each entry");
}

template <class... Ms>
void check(terse::either<Ms...> const& m) {
    std::visit([](auto const& held) { check(held); }, m.held);
}

template <class M>
void check(terse::bundle<M> const& m) {
    require(m.parts.size() == m.offsets.size(), "an offset for each part");
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < m.parts.size(); ++i) {
        require(m.offsets[i] == end, "consecutive parts");
        check(m.parts[i]);
        end += m.parts[i].dimension();
    }
    require(end == m.size, "parts that make up the vector");
}

template <class T, class M>
void require_refused(bytes in, std::uint64_t d, M m, fault code) {
    try {
        terse::wire::decode<T>(in, d, m);
    } catch (decode_error const& e) {
        return require(e.code == code, "another code was to be expected");
    }
    require(false, "bytes that are no message were decoded");
}

// The coordinates that a message adds to are the ones that it clears, all inside the vector.
template <class T, class M>
void add_and_clear(M const& m) {
    std::vector<T> y(m.dimension());
    m.add_to(T(1), view<cpu, T>(y.data(), y.size()));
    m.clear_in(view<cpu, T>(y.data(), y.size()));
    require(std::all_of(y.begin(), y.end(), [](T x) { return x == 0; }), "adds only to what it clears");
}

/// Either a decode_error, or a message that satisfies every invariant and has exactly these bytes as its encoding.
/// `prepared` knows what does not travel.
template <class T, class M>
void decode(bytes in, M const& prepared) {
    auto const d = dimension_of(in);
    auto m = prepared;
    terse::wire::envelope e;
    try {
        e = terse::wire::decode<T>(in, d, m);
    } catch (decode_error const& error) {
        require(error.code >= fault::truncated && error.code <= fault::level_range, "a fault of the list");
        require(error.offset <= in.size(), "a fault inside the bytes");
        return;
    }
    check(m);
    require(m.dimension() == d, "the dimension that was asked for");
    require(m.bytes() == in.size(), "the announced size");
    std::vector<std::byte> again(in.size());
    terse::wire::encode<T>(m, e, again);
    require(std::equal(again.begin(), again.end(), in.begin(), in.end()), "one message, one encoding");
    if constexpr (requires(view<cpu, T> y) { m.add_to(T(1), y); })
        if (d <= 4096) add_and_clear<T>(m);

    require_refused<T>(in, d + 1, prepared, fault::dimension);
    if (e.checksum) return; // it notices every other change first
    require_refused<T>(in.first(in.size() - 1), d, prepared, fault::truncated);
    again.push_back(std::byte{0});
    require_refused<T>(bytes(again), d, prepared, fault::trailing);
}

/// The same for the scalar type that the header names; prepare(T()) makes the message to decode into.
template <class Prepare>
void decode_as_named(bytes in, Prepare prepare) {
    if (field<std::uint8_t>(in, 6) == sizeof(double))
        decode<double>(in, prepare(double()));
    else
        decode<float>(in, prepare(float()));
}

inline bytes as_bytes(std::uint8_t const* data, std::size_t size) {
    return std::as_bytes(std::span<std::uint8_t const>(data, size));
}

} // namespace fuzz
