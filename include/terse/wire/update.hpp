// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <vector>

#include <terse/wire/block.hpp>
#include <terse/wire/dense.hpp>
#include <terse/wire/sparse.hpp>

namespace terse {

/// The mean of a round's messages, which is what is broadcast and applied: dense, sparse, a block, or parts that are
/// updates themselves. It keeps the memory of the forms that it does not have at the moment.
template <class B, class T>
struct update {
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
    std::uint64_t bitmap_bytes() const { return 8 + (dense.dimension() + 7) / 8 + support * sizeof(T); }
    bool travels_as_bitmap() const {
        return shape == form::dense && support != 0 && bitmap_bytes() < dense.payload_bytes();
    }
};

} // namespace terse
