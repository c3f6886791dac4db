// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <terse/wire/sparse.hpp>

namespace terse {

/// Coordinates without values: ascending, distinct indices. Payload: that of a sparse message whose values are left
/// out.
template <class B, class T>
struct support_message {
    using scalar = T;
    static constexpr auto kind = wire::kind::support;

    sparse_message<B, T> entries; ///< has no values

    void reset(std::size_t dimension, std::size_t count) {
        entries.reset(dimension, count);
        entries.values.resize(0);
    }
    buffer<B, index_t> const& indices() const { return entries.indices; }
    std::size_t dimension() const { return entries.size; }

    std::uint64_t payload_bytes() const { return entries.payload_bytes(); }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    void write(wire::writer& out) const requires std::same_as<B, cpu> { entries.write(out); }
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        wire::require_kind(in, as, kind);
        entries.shared_support = false;
        entries.read(in, dimension, wire::kind::sparse, false);
    }
    /// For wire/fields.hpp.
    static void fields(auto& m, auto& visit) { sparse_message<B, T>::support_fields(m.entries, visit); }
    double floats() const { return static_cast<double>(entries.indices.size()); }
};

} // namespace terse
