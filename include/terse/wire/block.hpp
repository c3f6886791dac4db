// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>

#include <terse/backend/buffer.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// Consecutive coordinates from `first` on, going on at 0 after the last. Payload: the number of coordinates (8 bytes)
/// and the values; the receiver draws `first` for itself.
template <class B, class T>
struct block_message {
    using scalar = T;
    static constexpr auto kind = wire::kind::block;

    std::size_t size = 0;  ///< the dimension
    std::size_t first = 0; ///< below the dimension
    buffer<B, T> values;
    wire::precision precision = wire::precision::full; ///< of the values on the wire; see round_to()

    void reset(std::size_t dimension, std::size_t from, std::size_t count) {
        size = dimension;
        first = from;
        values.resize(count);
        precision = wire::precision::full;
    }
    std::size_t dimension() const { return size; }

    /// The values that lie before the wrap, and those after it.
    std::size_t before_wrap() const { return std::min(values.size(), size - first); }

    void add_to(T a, view<B, T> y) const {
        auto const n = before_wrap();
        B::axpy(a, values.part(0, n), y.part(first, n));
        B::axpy(a, values.part(n, values.size() - n), y.part(0, values.size() - n));
    }
    void clear_in(view<B, T> y) const {
        auto const n = before_wrap();
        B::fill(y.part(first, n), T(0));
        B::fill(y.part(0, values.size() - n), T(0));
    }
    std::uint64_t payload_bytes() const { return 8 + values.size() * wire::value_bytes<T>(precision); }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        out.put(std::uint64_t{values.size()});
        wire::put_values(out, std::span<T const>(values.data(), values.size()), precision);
    }
    /// `first` must be set: it does not travel.
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        auto const p = wire::require_kind_of_values(in, as, kind);
        auto const count = in.get<std::uint64_t>();
        if (count > dimension || first >= dimension)
            in.fail(wire::fault::count, "a block that is longer than the vector");
        in.require(count, wire::value_bytes<T>(p));
        in.claim(count, sizeof(T));
        reset(dimension, first, count);
        precision = p;
        wire::get_values(in, std::span<T>(values.data(), count), p);
    }
    /// Rounds the values to what travels; what coordinates lose is added to theirs in rest, unless that is empty.
    void round_to(wire::precision p, view<B, T> rest) {
        precision = p;
        auto const n = before_wrap();
        auto const part = [&](std::size_t at, std::size_t from, std::size_t count) {
            B::round_values(p, values.part(at, count), rest.empty() ? rest : rest.part(from, count));
        };
        part(0, first, n);
        part(n, 0, values.size() - n);
    }
    /// Takes over what does not travel from a message of the same round.
    void share(block_message const& other) {
        size = other.size;
        first = other.first;
    }
    /// For wire/fields.hpp.
    static void fields(auto& m, auto& visit) {
        visit.numbers(m.size, m.first, m.precision);
        visit.values(m.values, m.precision);
    }
    double floats() const { return static_cast<double>(values.size()) * wire::floats_per_value(precision); }
};

} // namespace terse
