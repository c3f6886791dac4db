// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include <terse/backend/buffer.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// Every coordinate. Payload: the values.
template <class B, class T>
struct dense_message {
    using scalar = T;
    static constexpr auto kind = wire::kind::dense;

    buffer<B, T> values;
    wire::precision precision = wire::precision::full; ///< of the values on the wire; see round_to()

    void reset(std::size_t dimension) {
        values.resize(dimension);
        precision = wire::precision::full;
    }
    std::size_t dimension() const { return values.size(); }

    void add_to(T a, view<B, T> y) const { B::axpy(a, values, y); }
    void clear_in(view<B, T> y) const { B::fill(y, T(0)); }
    std::uint64_t payload_bytes() const { return values.size() * wire::value_bytes<T>(precision); }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        wire::put_values(out, std::span<T const>(values.data(), values.size()), precision);
    }
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        auto const p = wire::require_kind_of_values(in, as, kind);
        in.require(dimension, wire::value_bytes<T>(p));
        in.claim(dimension, sizeof(T));
        reset(dimension);
        precision = p;
        wire::get_values(in, std::span<T>(values.data(), dimension), p);
    }
    /// Rounds the values to what travels; what coordinates lose is added to theirs in rest, unless that is empty.
    void round_to(wire::precision p, view<B, T> rest) {
        precision = p;
        B::round_values(p, view<B, T>(values), rest);
    }
    /// For wire/fields.hpp.
    static void fields(auto& m, auto& visit) {
        visit.numbers(m.precision);
        visit.values(m.values, m.precision);
    }
    double floats() const { return static_cast<double>(values.size()) * wire::floats_per_value(precision); }
};

} // namespace terse
