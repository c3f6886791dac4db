// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/buffer.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// One magnitude and a sign for every coordinate. Payload: the magnitude, then one bit per coordinate, 1 for +.
template <class B, class T>
struct sign_message {
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
    double floats() const { return static_cast<double>(size) / 32 + 1; }
};

} // namespace terse
