// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <variant>
#include <vector>

#include <terse/wire/block.hpp>
#include <terse/wire/dense.hpp>
#include <terse/wire/sparse.hpp>

namespace terse {

/// The mean of a round's messages, which is what is broadcast and applied: dense, sparse, a block, or parts that are
/// updates themselves. It keeps the memory of the forms that it does not have at the moment.
template <class B, class T>
struct update {
    using scalar = T;
    enum class form { dense, sparse, block, parts };

    form shape = form::sparse;
    dense_message<B, T> dense;
    sparse_message<B, T> sparse; // of dimension 0 and empty at first: the update that changes nothing
    block_message<B, T> block;
    std::vector<update> parts; ///< consecutive
    /// Of a dense update that is the sum of sparse messages: how many of its coordinates are not zero. More than half
    /// of them, so that a bitmap is the shortest coding of their indices. Otherwise 0.
    std::size_t support = 0;

    void become_dense(std::size_t dimension) {
        shape = form::dense;
        support = 0;
        dense.reset(dimension);
    }

    /// Calls f with the part of the update that counts: a message, or in turn every part and its offset.
    template <class F>
    void visit(F&& f, std::size_t offset = 0) const {
        switch (shape) {
        case form::dense:
            return f(dense, offset);
        case form::sparse:
            return f(sparse, offset);
        case form::block:
            return f(block, offset);
        case form::parts:
            for (auto const& part : parts) {
                part.visit(f, offset);
                offset += part.dimension();
            }
        }
    }

    wire::kind current_kind() const {
        switch (shape) {
        case form::dense:
            return travels_as_bitmap() ? wire::kind::sparse : wire::kind::dense;
        case form::sparse:
            return wire::kind::sparse;
        case form::block:
            return wire::kind::block;
        case form::parts:
            break;
        }
        return wire::kind::bundle;
    }
    std::size_t dimension() const {
        std::size_t n = 0;
        visit([&](auto const& m, std::size_t) { n += m.dimension(); });
        return n;
    }
    /// y += a u
    void add_to(T a, view<B, T> y) const {
        visit([&](auto const& m, std::size_t offset) { m.add_to(a, y.part(offset, m.dimension())); });
    }
    /// y += a u for each of several y, which share launches where the backend has that
    void add_to(T a, std::span<view<B, T> const> each) const {
        if constexpr (requires { sparse.add_to(a, each); })
            if (shape == form::sparse) return sparse.add_to(a, each);
        for (auto const y : each) add_to(a, y);
    }
    /// y = 0 where the update has entries
    void clear_in(view<B, T> y) const {
        visit([&](auto const& m, std::size_t offset) { m.clear_in(y.part(offset, m.dimension())); });
    }
    std::uint64_t payload_bytes() const {
        std::uint64_t n = 0;
        if (travels_as_bitmap())
            n = bitmap_bytes();
        else if (shape == form::parts)
            for (auto const& part : parts) n += wire::part_bytes + part.payload_bytes();
        else
            visit([&](auto const& m, std::size_t) { n = m.payload_bytes(); });
        return n;
    }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        if (travels_as_bitmap()) {
            nonzero().write(out);
        } else if (shape != form::parts) {
            visit([&](auto const& m, std::size_t) { m.write(out); });
        } else {
            for (auto const& part : parts) {
                out.put(static_cast<std::uint8_t>(part.current_kind()));
                out.put_low(part.dimension(), 7);
                part.write(out);
            }
        }
    }
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        if (as == wire::kind::dense) {
            become_dense(dimension);
            dense.read(in, dimension, as);
        } else if (as == wire::kind::sparse) {
            shape = form::sparse;
            sparse.read(in, dimension, as);
            if (!sparse.shared_support && 2 * sparse.indices.size() > dimension) { // it was dense, with a support
                become_dense(dimension);
                B::fill(view<B, T>(dense.values), T(0));
                sparse.add_to(T(1), view<B, T>(dense.values));
                support = sparse.indices.size();
            }
        } else if (as == wire::kind::block) {
            shape = form::block;
            block.read(in, dimension, as);
        } else {
            wire::require_kind(in, as, wire::kind::bundle);
            shape = form::parts;
            read_parts(in, dimension);
        }
    }
    /// Takes over what does not travel from a message of the same round.
    template <class M>
    void share(M const& m) {
        if constexpr (requires { m.held; }) {
            std::visit([this](auto const& held) { this->share(held); }, m.held);
        } else if constexpr (requires { m.parts; }) {
            parts.resize(m.parts.size());
            for (std::size_t i = 0; i < parts.size(); ++i) parts[i].share(m.parts[i]);
        } else if constexpr (requires { sparse.share(m.entries); }) {
            sparse.share(m.entries);
        } else if constexpr (requires { sparse.share(m); }) {
            sparse.share(m);
        } else if constexpr (requires { block.share(m); }) {
            block.share(m);
        }
    }
    /// Floats and indices that a broadcast of it needs. The paper's RCC counts two for every entry of a sum of sparse
    /// messages, however dense it has become.
    double floats() const {
        double n = 0;
        if (shape == form::dense && support != 0)
            n = 2.0 * static_cast<double>(support);
        else if (shape == form::parts)
            for (auto const& part : parts) n += part.floats();
        else
            visit([&](auto const& m, std::size_t) { n = m.floats(); });
        return n;
    }

private:
    // Of a dense update that is the sum of sparse messages.
    sparse_message<B, T> nonzero() const {
        constexpr auto smallest = std::numeric_limits<T>::denorm_min();
        sparse_message<B, T> m;
        m.reset(dense.dimension(), support);
        B::select_at_least(view<B, T const>(dense.values), smallest, view<B, index_t>(m.indices), view<B, T>(m.values));
        return m;
    }
    void read_parts(wire::reader& in, std::uint64_t dimension) {
        std::size_t n = 0;
        for (std::uint64_t begin = 0; begin < dimension; ++n) {
            auto const kind = wire::kind{in.get<std::uint8_t>()};
            auto const d = in.get_low(7);
            if (d == 0 || d > dimension - begin)
                in.fail(wire::fault::dimension, "parts that do not make up the vector");
            if (n == parts.size()) {
                in.claim(1, sizeof(update));
                parts.emplace_back();
            }
            parts[n].read(in, d, kind);
            begin += d;
        }
        parts.resize(n);
    }
    std::uint64_t bitmap_bytes() const { return 8 + (dense.dimension() + 7) / 8 + support * sizeof(T); }
    bool travels_as_bitmap() const {
        return shape == form::dense && support != 0 && bitmap_bytes() < dense.payload_bytes();
    }
};

} // namespace terse
