// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <terse/backend/buffer.hpp>
#include <terse/backend/magnitude.hpp>
#include <terse/wire/bit_stream.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// Every coordinate, each 0, a power of two, or NaN. Payload: sign and exponent of each, from the lowest bit on: the
/// upper 9 bits of a float, the upper 12 of a double.
template <class B, class T>
struct power_message {
    using scalar = T;
    static constexpr auto kind = wire::kind::powers;
    static constexpr unsigned fraction_bits = std::numeric_limits<T>::digits - 1;
    static constexpr unsigned width = 8 * sizeof(T) - fraction_bits;

    buffer<B, T> values;

    std::size_t dimension() const { return values.size(); }
    void add_to(T a, view<B, T> y) const { B::axpy(a, values, y); }
    void clear_in(view<B, T> y) const { B::fill(y, T(0)); }
    std::uint64_t payload_bytes() const { return values.size() / 8 * width + (values.size() % 8 * width + 7) / 8; }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    double floats() const { return static_cast<double>(values.size()) * width / 32; }

    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        wire::bit_writer bits(out);
        for (std::size_t i = 0; i < values.size(); ++i)
            bits.put(std::bit_cast<magnitude_t<T>>(values[i]) >> fraction_bits, width);
        bits.finish();
    }
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        wire::require_kind(in, as, kind);
        in.require(dimension, 1);
        in.claim(dimension, sizeof(T));
        values.resize(dimension);
        wire::bit_reader bits(in);
        for (std::size_t i = 0; i < values.size(); ++i) {
            magnitude_t<T> code = 0;
            for (unsigned j = 0; j < width; ++j) code |= magnitude_t<T>{bits.get()} << j;
            constexpr auto no_number = (magnitude_t<T>{1} << (width - 1)) - 1; // its exponent: NaN, without a sign
            if (code > no_number && (code & no_number) == no_number)
                in.fail(wire::fault::not_canonical, "NaN with a sign");
            values[i] = code == no_number ? std::numeric_limits<T>::quiet_NaN()
                                          : std::bit_cast<T>(static_cast<magnitude_t<T>>(code << fraction_bits));
        }
        bits.finish();
    }
    /// For wire/fields.hpp.
    static void fields(auto& m, auto& visit) { visit.array(m.values); }
    /// Nothing: they are as short as can be.
    void round_to(wire::precision, view<B, T>) {}
};

} // namespace terse
