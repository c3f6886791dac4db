// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <type_traits>
#include <variant>

#include <terse/backend/view.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/fields.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// A message of one of several kinds, chosen while the program runs. It travels as the one that it holds.
template <class... Ms>
struct either {
    std::variant<Ms...> held;

    /// The message as an M, keeping its memory when it was one already.
    template <class M>
    M& as() {
        if (!std::holds_alternative<M>(held)) held.template emplace<M>();
        return std::get<M>(held);
    }

    wire::kind current_kind() const {
        return std::visit([](auto const& m) { return wire::kind_of(m); }, held);
    }
    std::uint8_t current_kind_byte() const {
        return std::visit([](auto const& m) { return wire::kind_byte(m); }, held);
    }
    std::size_t dimension() const {
        return std::visit([](auto const& m) { return m.dimension(); }, held);
    }
    template <class B, class T>
    void add_to(std::type_identity_t<T> a, view<B, T> y) const {
        std::visit([&](auto const& m) { m.add_to(a, y); }, held);
    }
    template <class B, class T>
    void clear_in(view<B, T> y) const {
        std::visit([&](auto const& m) { m.clear_in(y); }, held);
    }
    std::uint64_t payload_bytes() const {
        return std::visit([](auto const& m) { return m.payload_bytes(); }, held);
    }
    std::uint64_t bytes() const {
        return std::visit([](auto const& m) { return m.bytes(); }, held);
    }
    void write(wire::writer& out) const requires(wire::Written<Ms>&&...) {
        std::visit([&](auto const& m) { m.write(out); }, held);
    }
    /// Whether it can hold a message of this kind.
    static constexpr bool can_be(wire::kind k) { return (carries<Ms>(k) || ...); }
    /// Stays the message that it is if that has the right kind, otherwise becomes the first that has.
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires(wire::Written<Ms>&&...) {
        if (auto const wanted = wire::without_precision(as); current_kind() != wanted) {
            bool found = false;
            ((found = found || (carries<Ms>(wanted) && (held.template emplace<Ms>(), true))), ...);
        }
        std::visit([&](auto& m) { m.read(in, dimension, as); }, held);
    }
    /// Becomes a message of the kind of the other one, and takes over what does not travel.
    void share(either const& other) {
        std::visit(
            [this]<class M>(M const& m) {
                auto& mine = this->template as<M>();
                if constexpr (requires { mine.share(m); }) mine.share(m);
            },
            other.held);
    }
    /// Rounds the values to what travels; what coordinates lose is added to theirs in rest, unless that is empty.
    template <class B, class T>
    void round_to(wire::precision p, view<B, T> rest) {
        std::visit([&](auto& m) { m.round_to(p, rest); }, held);
    }
    /// For wire/fields.hpp.
    template <class Self>
    static void fields(Self& m, auto& visit) requires(wire::HasFields<Ms>&&...) {
        auto which = m.held.index();
        visit.numbers(which);
        if constexpr (!std::is_const_v<Self>) m.become(which);
        std::visit([&](auto& message) { visit.message(message); }, m.held);
    }
    double floats() const {
        return std::visit([](auto const& m) { return m.floats(); }, held);
    }

private:
    // The kind with this number, keeping its memory when it was that already.
    void become(std::size_t which) {
        std::size_t i = 0;
        (static_cast<void>(i++ == which ? &as<Ms>() : nullptr), ...);
    }
    template <class M>
    static constexpr bool carries(wire::kind k) {
        if constexpr (requires { M::can_be(k); })
            return M::can_be(k);
        else
            return M::kind == k;
    }
};

template <class M, class... Ms>
struct wire::scalar_of<either<M, Ms...>> : wire::scalar_of<M> {};

} // namespace terse
