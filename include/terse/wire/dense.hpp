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

    void reset(std::size_t dimension) { values.resize(dimension); }
    std::size_t dimension() const { return values.size(); }

    void add_to(T a, view<B, T> y) const { B::axpy(a, values, y); }
    void clear_in(view<B, T> y) const { B::fill(y, T(0)); }
    std::uint64_t payload_bytes() const { return values.size() * sizeof(T); }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        out.put_all(std::span<T const>(values.data(), values.size()));
    }
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        wire::require_kind(in, as, kind);
        in.require(dimension, sizeof(T));
        reset(dimension);
        in.get_all(std::span<T>(values.data(), dimension));
    }
    double floats() const { return static_cast<double>(values.size()); }
};

} // namespace terse
