// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// One magnitude and a sign for every coordinate. Payload: the magnitude, then one bit per coordinate, 1 for +.
template <class B, class T>
struct sign_message {
    using scalar = T;
    static constexpr auto kind = wire::kind::signs;

    std::size_t size = 0; ///< the dimension
    T scale = 0;          ///< the common magnitude
    buffer<B, std::uint64_t> bits;

    void reset(std::size_t dimension) {
        size = dimension;
        bits.resize((dimension + 63) / 64);
    }
    std::size_t dimension() const { return size; }

    void add_to(T a, view<B, T> y) const { B::add_signs(a * scale, bits, y); }
    void clear_in(view<B, T> y) const { B::fill(y, T(0)); }
    std::uint64_t payload_bytes() const { return sizeof(T) + (size + 7) / 8; }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        out.put(scale);
        for (std::size_t i = 0; i < size; i += 64)
            out.put_low(bits[i / 64], std::min<std::size_t>(8, (size - i + 7) / 8));
    }
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        wire::require_kind(in, as, kind);
        auto const magnitude = in.get<T>();
        if (!(magnitude >= 0 && std::isfinite(magnitude)))
            in.fail(wire::fault::scale, "a scale that is NaN, infinite or negative");
        in.require((dimension + 7) / 8, 1);
        in.claim((dimension + 63) / 64, sizeof(std::uint64_t));
        reset(dimension);
        scale = magnitude;
        for (std::size_t i = 0; i < size; i += 64)
            bits[i / 64] = in.get_low(std::min<std::size_t>(8, (size - i + 7) / 8));
        if (size % 64 != 0 && bits[size / 64] >> (size % 64) != 0)
            in.fail(wire::fault::not_canonical, "bits after the last sign");
    }
    /// Nothing: the magnitude travels in full.
    void round_to(wire::precision, view<B, T>) {}
    /// For wire/fields.hpp.
    static void fields(auto& m, auto& visit) {
        visit.numbers(m.size, m.scale);
        visit.array(m.bits);
    }
    double floats() const { return static_cast<double>(size) / 32 + 1; }
};

} // namespace terse
