// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/concept.hpp>

namespace terse {

/// A compressor takes what it can carry, the rest stays in e:
///     e <- b e + a g;  out = C(e);  e <- e - out.
/// This form is the reference; a compressor with a `take` of its own does the same in fewer passes over memory.
template <class B, class T, class C>
void take(C const& compressor, T a, input<B, T> g, T b, std::type_identity_t<view<B, T>> e, message_of<C, B, T>& out,
          context<B> at) {
    if constexpr (requires { compressor.take(a, g, b, e, out, at); }) {
        compressor.take(a, g, b, e, out, at);
    } else {
        B::axpby(a, g, b, e);
        compressor.compress(view<B, T const>(e), out, at);
        out.add_to(T(-1), e);
    }
}

} // namespace terse
