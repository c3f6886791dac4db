// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// Some coordinates: ascending, distinct indices and their values; every other coordinate is zero.
/// Payload: coding and count (8 bytes), the indices in the shortest of four codings (plain 32 bits while the dimension
/// fits, plain 64 bits, gaps as variable-length integers of 7 bits a byte, a bitmap), then the values. With a shared
/// support, which every receiver draws for itself, no indices travel.
template <class B, class T>
struct sparse_message {
    static constexpr auto kind = wire::kind::sparse;

    std::size_t size = 0; ///< the dimension
    buffer<B, index_t> indices;
    buffer<B, T> values;
    bool shared_support = false;

    /// Room for `count` entries of a vector of `dimension` coordinates.
    void reset(std::size_t dimension, std::size_t count, bool shared = false) {
        size = dimension;
        indices.resize(count);
        values.resize(count);
        shared_support = shared;
    }
    std::size_t dimension() const { return size; }

    void add_to(T a, view<B, T> y) const { B::scatter_axpy(a, indices, values, y); }
    void clear_in(view<B, T> y) const { B::scatter_fill(indices, T(0), y); }

    std::uint64_t index_bytes() const {
        if (shared_support) return 0;
        std::uint64_t const width = size <= std::uint64_t{1} << 32 ? 4 : 8;
        auto const plain_or_bitmap = std::min<std::uint64_t>(width * indices.size(), (size + 7) / 8);
        return std::min(plain_or_bitmap, B::delta_bytes(indices));
    }
    std::uint64_t payload_bytes() const { return 8 + index_bytes() + values.size() * sizeof(T); }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    double floats() const { return static_cast<double>(values.size()) * (shared_support ? 1 : 2); }
};

} // namespace terse
