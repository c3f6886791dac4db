// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

#include <terse/backend/view.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/fields.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// Messages M for consecutive parts of a vector. Payload: kind, dimension and payload of each part.
template <class M>
struct bundle {
    static constexpr auto kind = wire::kind::bundle;

    std::vector<M> parts;
    std::vector<std::size_t> offsets; ///< where each part begins
    std::size_t size = 0;             ///< the dimension

    void reset(std::size_t dimension, std::size_t count) {
        size = dimension;
        parts.resize(count);
        offsets.resize(count);
    }
    std::size_t dimension() const { return size; }

    template <class B, class T>
    void add_to(std::type_identity_t<T> a, view<B, T> y) const {
        for (std::size_t i = 0; i < parts.size(); ++i) parts[i].add_to(a, y.part(offsets[i], parts[i].dimension()));
    }
    template <class B, class T>
    void clear_in(view<B, T> y) const {
        for (std::size_t i = 0; i < parts.size(); ++i) parts[i].clear_in(y.part(offsets[i], parts[i].dimension()));
    }
    std::uint64_t payload_bytes() const {
        std::uint64_t n = 0;
        for (auto const& part : parts) n += wire::part_bytes + part.payload_bytes();
        return n;
    }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    void write(wire::writer& out) const requires wire::Written<M> {
        for (auto const& part : parts) {
            out.put(wire::kind_byte(part));
            out.put_low(part.dimension(), 7);
            part.write(out);
        }
    }
    /// Parts that are there already are read into, so that they can say what does not travel.
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires wire::Written<M> {
        wire::require_kind(in, as, kind);
        size = dimension;
        std::size_t n = 0;
        for (std::uint64_t begin = 0; begin < dimension; ++n) {
            auto const part_kind = wire::kind{in.get<std::uint8_t>()};
            auto const d = in.get_low(7);
            if (d == 0 || d > dimension - begin)
                in.fail(wire::fault::dimension, "parts that do not make up the vector");
            if (n == parts.size()) {
                in.claim(1, sizeof(M) + sizeof(std::size_t));
                parts.emplace_back();
            }
            if (n == offsets.size()) offsets.emplace_back();
            offsets[n] = begin;
            parts[n].read(in, d, part_kind);
            begin += d;
        }
        parts.resize(n);
        offsets.resize(n);
    }
    /// Takes over what does not travel from a message of the same round.
    void share(bundle const& other) {
        parts.resize(other.parts.size());
        if constexpr (requires(M & m) { m.share(m); })
            for (std::size_t i = 0; i < parts.size(); ++i) parts[i].share(other.parts[i]);
    }
    /// Rounds the values to what travels; what coordinates lose is added to theirs in rest, unless that is empty.
    template <class B, class T>
    void round_to(wire::precision p, view<B, T> rest) {
        for (std::size_t j = 0; j < parts.size(); ++j)
            parts[j].round_to(p, rest.empty() ? rest : rest.part(offsets[j], parts[j].dimension()));
    }
    /// For wire/fields.hpp.
    template <class Self>
    static void fields(Self& m, auto& visit) requires wire::HasFields<M> {
        auto n = m.parts.size();
        visit.numbers(m.size, n);
        if constexpr (!std::is_const_v<Self>) m.reset(m.size, n);
        for (std::size_t i = 0; i < n; ++i) {
            visit.numbers(m.offsets[i]);
            visit.message(m.parts[i]);
        }
    }
    double floats() const {
        double n = 0;
        for (auto const& part : parts) n += part.floats();
        return n;
    }
};

template <class M>
struct wire::scalar_of<bundle<M>> : wire::scalar_of<M> {};

} // namespace terse
