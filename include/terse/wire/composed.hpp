// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include <terse/backend/buffer.hpp>
#include <terse/wire/header.hpp>
#include <terse/wire/sparse.hpp>

namespace terse {

/// Some coordinates, whose values are a message M of their own. Payload: coding and count (8 bytes) and the indices of
/// a sparse message, then, unless there are none, kind (1) and payload of M.
template <class B, class T, class M>
struct composed_message {
    using scalar = T;
    static constexpr auto kind = wire::kind::composed;

    sparse_message<B, T> entries; ///< with the values that M stands for; they do not travel
    M values;

    /// Makes entries.values what `values` says, once the support and the message are there.
    void expand() {
        B::fill(view<B, T>(entries.values), T(0));
        if (entries.values.size() != 0) values.add_to(T(1), view<B, T>(entries.values));
    }
    std::size_t dimension() const { return entries.dimension(); }
    void add_to(T a, view<B, T> y) const { entries.add_to(a, y); }
    void clear_in(view<B, T> y) const { entries.clear_in(y); }
    std::uint64_t payload_bytes() const {
        return entries.support_bytes() + (entries.values.size() == 0 ? 0 : 1 + values.payload_bytes());
    }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    double floats() const {
        auto const n = static_cast<double>(entries.values.size());
        return (entries.shared_support ? 0 : n) + (n == 0 ? 0 : values.floats());
    }

    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        entries.write_support(out);
        if (entries.values.size() == 0) return;
        out.put(wire::kind_byte(values));
        values.write(out);
    }
    /// A shared support must be set: it does not travel.
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        wire::require_kind(in, as, kind);
        entries.read_support(in, dimension, 0);
        auto const n = entries.values.size();
        if (n == 0) return;
        auto const inner = wire::kind{in.get<std::uint8_t>()};
        values.read(in, n, inner);
        expand();
    }
    /// For wire/fields.hpp.
    template <class Self>
    static void fields(Self& m, auto& visit) {
        constexpr bool received = !std::is_const_v<Self>;
        sparse_message<B, T>::support_fields(m.entries, visit);
        auto const n = m.entries.indices.size();
        if constexpr (received) m.entries.values.resize(n);
        if (n == 0) return;
        visit.message(m.values);
        if constexpr (received) m.expand();
    }
    /// Takes over what does not travel from a message of the same round.
    void share(composed_message const& other) {
        entries.share(other.entries);
        if constexpr (requires { values.share(other.values); }) values.share(other.values);
    }
};

} // namespace terse
