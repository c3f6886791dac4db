// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <terse/compressor/take.hpp>
#include <terse/compressor/take_all.hpp>
#include <terse/wire/either.hpp>

namespace terse {

namespace detail {

// either<the messages of Cs, without repetition>
template <class Either, class... Ms>
struct distinct_messages {
    using type = Either;
};
template <class... Seen, class M, class... Ms>
struct distinct_messages<either<Seen...>, M, Ms...>
    : distinct_messages<std::conditional_t<(std::is_same_v<M, Seen> || ...), either<Seen...>, either<Seen..., M>>,
                        Ms...> {};

} // namespace detail

/// One of several compressors, chosen while the program runs.
template <class... Cs>
struct any_of {
    std::variant<Cs...> chosen;

    any_of() = default;
    template <class C>
        requires(std::is_same_v<C, Cs> || ...)
    any_of(C c) : chosen(std::move(c)) {} // NOLINT(google-explicit-constructor)

    template <class B, class T>
    using message = typename detail::distinct_messages<either<>, message_of<Cs, B, T>...>::type;

    void validate(std::size_t d) const {
        std::visit([&](auto const& c) { terse::validate(c, d); }, chosen);
    }

    template <class B, class T, class... Ms>
    void compress(view<B, T> in, either<Ms...>& out, context<B> at) const {
        std::visit([&]<class C>(
                       C const& c) { c.compress(in, out.template as<message_of<C, B, std::remove_const_t<T>>>(), at); },
                   chosen);
    }
    template <class B, class T, TakenByAll<B, T> G, class... Ms>
    std::size_t take(std::type_identity_t<T> a, G const& g, std::type_identity_t<T> b, view<B, T> e, either<Ms...>& out,
                     context<B> at) const {
        return std::visit(
            [&]<class C>(C const& c) {
                return terse::take<B, T>(c, a, g, b, e, out.template as<message_of<C, B, T>>(), at);
            },
            chosen);
    }
    // One of them that shares nothing takes for one worker after the other: which it is, the type does not tell.
    template <class B, class T, TakenByAll<B, T> G, class... Ms>
        requires(SharesTakes<Cs, B, T, G> || ...)
    void take_all(std::span<worker_take<either<Ms...>, B, T, G>> all, scratch<B>& temporary) const {
        std::visit(
            [&]<class C>(C const& c) {
                std::vector<worker_take<message_of<C, B, T>, B, T, G>> takes;
                for (auto const& t : all)
                    takes.push_back({t.a, t.g, t.b, t.e, &t.out->template as<message_of<C, B, T>>(), t.at});
                terse::take_all<B, T>(c, std::span(takes), temporary);
                for (std::size_t i = 0; i < all.size(); ++i) all[i].bad = takes[i].bad;
            },
            chosen);
    }
};

} // namespace terse
