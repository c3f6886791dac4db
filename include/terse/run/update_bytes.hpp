// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/run/host_copy.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/update.hpp>

namespace terse::detail {

/// An update inside a saved state. Unlike a message it may be of any form and has no header.
class update_appender {
public:
    explicit update_appender(std::vector<std::byte>& out) : out_(out) {}

    template <class B, class T>
    void append(update<B, T> const& u) {
        using form = typename update<B, T>::form;
        number(static_cast<std::uint8_t>(u.shape));
        number(std::uint64_t{u.dimension()});
        if (u.shape == form::dense) {
            number(std::uint64_t{u.support});
            array(u.dense.values);
        } else if (u.shape == form::sparse) {
            number(static_cast<std::uint8_t>(u.sparse.shared_support));
            number(std::uint64_t{u.sparse.values.size()});
            array(u.sparse.indices);
            array(u.sparse.values);
        } else if (u.shape == form::block) {
            number(std::uint64_t{u.block.first});
            number(std::uint64_t{u.block.values.size()});
            array(u.block.values);
        } else {
            number(std::uint64_t{u.parts.size()});
            for (auto const& part : u.parts) append(part);
        }
    }

private:
    void bytes(std::span<std::byte const> b) { out_.insert(out_.end(), b.begin(), b.end()); }
    template <class X>
    void number(X x) {
        bytes(std::as_bytes(std::span<X const>(&x, 1)));
    }
    template <class B, class X>
    void array(buffer<B, X> const& x) {
        if constexpr (std::same_as<B, cpu>)
            bytes(std::as_bytes(std::span<X const>(x.data(), x.size())));
        else
            bytes(std::as_bytes(std::span<X const>(on_host(view<B, X const>(x)))));
    }

    std::vector<std::byte>& out_;
};

template <class X>
std::vector<X> read_numbers(wire::reader& from, std::size_t n) {
    std::vector<X> x(n);
    from.get_all(std::span<X>(x));
    return x;
}
template <class B, class X>
void read_array(wire::reader& from, buffer<B, X>& x) {
    if constexpr (std::same_as<B, cpu>)
        from.get_all(std::span<X>(x.data(), x.size()));
    else
        B::upload(read_numbers<X>(from, x.size()), view<B, X>(x));
}

/// Throws decode_error for bytes that are no update.
template <class B, class T>
void read_update(wire::reader& from, update<B, T>& u, int depth = 0) {
    using form = typename update<B, T>::form;
    auto const shape = from.get<std::uint8_t>();
    auto const d = from.get<std::uint64_t>();
    if (shape > static_cast<std::uint8_t>(form::parts)) from.fail(wire::fault::kind, "an update of unknown form");
    u.shape = form{shape};
    if (u.shape == form::dense) {
        auto const support = from.get<std::uint64_t>();
        from.require(d, sizeof(T));
        if (support > d) from.fail(wire::fault::count, "more coordinates than the dimension");
        u.become_dense(d);
        u.support = support;
        read_array(from, u.dense.values);
    } else if (u.shape == form::sparse) {
        auto const shared = from.get<std::uint8_t>();
        if (shared > 1) from.fail(wire::fault::flags, "neither a shared support nor one of its own");
        auto const n = from.get<std::uint64_t>();
        from.require(n, sizeof(index_t) + sizeof(T));
        u.sparse.reset(d, n, shared == 1);
        auto const indices = read_numbers<index_t>(from, n);
        B::upload(indices, view<B, index_t>(u.sparse.indices));
        read_array(from, u.sparse.values);
        for (std::size_t j = 0; j < n; ++j)
            if (indices[j] >= d || (j > 0 && indices[j] <= indices[j - 1]))
                from.fail(wire::fault::index_range, "indices that are not ascending and below the dimension");
    } else if (u.shape == form::block) {
        auto const first = from.get<std::uint64_t>();
        auto const n = from.get<std::uint64_t>();
        from.require(n, sizeof(T));
        if (first >= d || n > d) from.fail(wire::fault::count, "a block that does not fit the vector");
        u.block.reset(d, first, n);
        read_array(from, u.block.values);
    } else {
        constexpr std::size_t smallest = 1 + 8 + 8; // a part's form, dimension and count
        constexpr int deepest = 8;
        auto const n = from.get<std::uint64_t>();
        from.require(n, smallest);
        if (depth == deepest) from.fail(wire::fault::count, "parts within parts too often");
        u.parts.resize(n);
        std::uint64_t sum = 0;
        for (auto& part : u.parts) {
            read_update(from, part, depth + 1);
            if (part.dimension() > d - sum) from.fail(wire::fault::dimension, "parts longer than the vector");
            sum += part.dimension();
        }
        if (sum != d) from.fail(wire::fault::dimension, "parts that do not make up the vector");
    }
}

} // namespace terse::detail
