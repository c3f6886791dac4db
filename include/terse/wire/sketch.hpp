// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <terse/backend/buffer.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// A count sketch: a table of rows x columns numbers, row by row. How coordinates are hashed to it does not travel.
/// Payload: the number of rows (1 byte) and of columns (7), then the table.
template <class B, class T>
struct sketch_message {
    using scalar = T;
    static constexpr auto kind = wire::kind::sketch;

    std::size_t size = 0; ///< the dimension of what was sketched
    std::size_t rows = 0, columns = 0;
    buffer<B, T> values;

    void reset(std::size_t dimension, std::size_t r, std::size_t c) {
        size = dimension;
        rows = r;
        columns = c;
        values.resize(r * c);
    }
    std::size_t dimension() const { return size; }

    std::uint64_t payload_bytes() const { return 8 + values.size() * sizeof(T); }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        out.put(static_cast<std::uint8_t>(rows));
        out.put_low(columns, 7);
        out.put_all(std::span<T const>(values.data(), values.size()));
    }
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        wire::require_kind(in, as, kind);
        std::uint64_t const r = in.get<std::uint8_t>();
        auto const c = in.get_low(7);
        if (r == 0 || c == 0) in.fail(wire::fault::count, "a sketch without rows or columns");
        in.require(c, r * sizeof(T));
        in.claim(r * c, sizeof(T));
        reset(dimension, r, c);
        in.get_all(std::span<T>(values.data(), values.size()));
    }
    /// For wire/fields.hpp.
    static void fields(auto& m, auto& visit) {
        visit.numbers(m.size, m.rows, m.columns);
        visit.array(m.values);
    }
    double floats() const { return static_cast<double>(values.size()); }
};

} // namespace terse
