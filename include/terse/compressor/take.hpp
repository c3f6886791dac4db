// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>

#include <terse/backend/momentum_step.hpp>
#include <terse/compressor/concept.hpp>

namespace terse {

namespace detail {

// y = a x + b y, with the threads of the temporary memory where the backend can; returns the first coordinate that is
// not finite then, or the size, also if nobody asks.
template <class B, class T>
std::size_t accumulate(T a, input<B, T> x, T b, view<B, T> y, [[maybe_unused]] scratch<B>* temporary = nullptr,
                       bool checks = true) {
    if constexpr (requires { B::accumulate(a, x, b, y, temporary); }) {
        auto const bad = B::accumulate(a, x, b, y, temporary);
        return checks ? static_cast<std::size_t>(bad) : y.size();
    } else {
        B::axpby(a, x, b, y);
        return checks ? B::first_non_finite(view<B, T const>(y)) : y.size();
    }
}

template <class B, class T>
std::size_t accumulate(T a, momentum_step<B, T> const& x, T b, view<B, T> y, scratch<B>* temporary = nullptr,
                       bool checks = true) {
    return accumulate<B, T>(a, x.make(), b, y, temporary, checks);
}

} // namespace detail

/// What every compressor takes from: a vector, or a momentum step.
template <class G, class B, class T>
concept TakenByAll = std::convertible_to<G const&, view<B, T const>> || std::same_as<G, momentum_step<B, T>>;

/// A compressor takes what it can carry, the rest stays in e:
///     e <- b e + a g;  out = C(e);  e <- e - out.
/// Returns the first coordinate at which b e + a g is NaN or infinite, or the size if there is none, or if the context
/// does not ask. This form is the
/// reference; a compressor with a `take` of its own does the same in fewer passes over memory. If that one returns
/// nothing, g is looked at beforehand.
template <class B, class T, class C>
std::size_t take(C const& compressor, T a, input<B, T> g, T b, std::type_identity_t<view<B, T>> e,
                 message_of<C, B, T>& out, context<B> at) {
    if constexpr (requires {
                      { compressor.take(a, g, b, e, out, at) } -> std::same_as<std::size_t>;
                  }) {
        return compressor.take(a, g, b, e, out, at);
    } else if constexpr (requires { compressor.take(a, g, b, e, out, at); }) {
        auto const bad = at.checks ? B::first_non_finite(g) : g.size();
        compressor.take(a, g, b, e, out, at);
        return bad;
    } else {
        auto const bad = detail::accumulate<B, T>(a, g, b, e, at.temporary, at.checks);
        compressor.compress(view<B, T const>(e), out, at);
        out.add_to(T(-1), e);
        return bad;
    }
}

/// The same for what comes out of a momentum step, which is made here or by the compressor.
template <class B, class T, class C>
std::size_t take(C const& compressor, T a, momentum_step<B, T> const& g, T b, std::type_identity_t<view<B, T>> e,
                 message_of<C, B, T>& out, context<B> at) {
    if constexpr (requires {
                      { compressor.take(a, g, b, e, out, at) } -> std::same_as<std::size_t>;
                  })
        return compressor.take(a, g, b, e, out, at);
    else
        return take<B, T>(compressor, a, g.make(), b, e, out, at);
}

/// Compressors that can leave the subtraction to the next take: see scaled_sign.
template <class C, class B, class T>
concept DefersSubtraction = requires(C const c, T a, view<B, T const> x, typename C::template deferred<T> rest,
                                     view<B, T> e, message_of<C, B, T> out, context<B> at) {
    { c.template take_deferred<B, T>(a, x, rest, a, e, out, rest, at) } -> std::same_as<std::size_t>;
    C::template settle<B, T>(rest, e);
};

namespace detail {

struct nothing_deferred {};

template <class C, class B, class T>
struct deferred_by {
    using type = nothing_deferred;
};
template <class C, class B, class T>
    requires DefersSubtraction<C, B, T>
struct deferred_by<C, B, T> {
    using type = typename C::template deferred<T>;
};

} // namespace detail

} // namespace terse
