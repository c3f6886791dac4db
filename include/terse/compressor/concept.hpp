// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstdint>

#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>
#include <terse/context.hpp>

namespace terse {

/// What is sent. A compressor is a value with
///
///     template <class B, class T> using message = ...;   // one of wire/, or a type of your own
///     template <class B, class T>
///     void compress(input<B, T> in, message<B, T>& out, context<B> at) const;   // out = C(in)
///
/// `in` is never empty. A message can be added to a vector, can clear the coordinates that it carries, and knows what
/// it costs: the bytes of its encoding, and the floats and indices in it. Optional members:
///
///     void validate(std::size_t d) const;   // throws configuration_error if the options do not fit d coordinates
///     std::size_t take(T a, input<B, T> g, T b, view<B, T> e, message<B, T>& out, context<B> at) const;
///     void take_all(std::span<worker_take<..>> all, scratch<B>& temporary) const;
///
/// of which take.hpp and take_all.hpp tell more. Random choices come from at.own_stream() or
/// at.shared_stream(), temporary memory from at.temporary.
template <class C, class B, class T = float>
concept Compressor = std::semiregular<C> &&
    requires(C const c, input<B, T> in, typename C::template message<B, T> out, view<B, T> y, context<B> at, T a) {
    c.compress(in, out, at);
    out.add_to(a, y); // y += a out
    out.clear_in(y);  // y_i = 0 for every i that the message carries
    { out.dimension() } -> std::convertible_to<std::size_t>;
    { out.bytes() } -> std::same_as<std::uint64_t>;
    { out.floats() } -> std::convertible_to<double>;
};

/// The message of compressor C.
template <class C, class B, class T>
using message_of = typename C::template message<B, T>;

/// Checks a policy's options against the dimension, if it has anything to check.
template <class P>
void validate(P const& policy, std::size_t d) {
    if constexpr (requires { policy.validate(d); }) policy.validate(d);
}

} // namespace terse
