// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <type_traits>

#include <terse/compressor/take.hpp>
#include <terse/wire/precision.hpp>

namespace terse {

/// The inner compressor with values of 16 bits on the wire, in memory of the host: C(v) = round(inner(v)), to nearest,
/// ties to even; what is too large for fp16 becomes +-65504. The rounding is a part of the compression: what it takes
/// off stays in the residual, and what all processes add up is what travelled. A magnitude of signs travels in full.
/// ||C(v) - v|| <= (1 + r) ||inner(v) - v|| + r ||v||, where r = 2^-11 (fp16) or 2^-8 (bf16), but for values that
/// overflow or fall below the normal numbers.
template <class C>
struct half_values {
    C inner{};
    wire::precision to = wire::precision::bf16;

    template <class B, class T>
    using message = message_of<C, B, T>;

    void validate(std::size_t d) const { terse::validate(inner, d); }

    template <class T, class M>
    void compress(view<cpu, T> in, M& out, context<cpu> at) const {
        inner.compress(in, out, at);
        out.round_to(to, [](std::size_t, auto) {});
    }

    // In the passes of the inner compressor, after which an entry that was sent is zero, and what rounding takes off it
    // is exactly what stays.
    template <class T, class M>
        requires requires(C const& c, std::type_identity_t<T> x, view<cpu, T const> g, view<cpu, T> e, M& m,
                          context<cpu> at) {
            c.take(x, g, x, e, m, at);
        }
    std::size_t take(T a, view<cpu, T const> g, std::type_identity_t<T> b, view<cpu, T> e, M& out,
                     context<cpu> at) const {
        auto const bad = terse::take<cpu, T>(inner, a, g, b, e, out, at);
        out.round_to(to, [e](std::size_t i, T lost) { e[i] += lost; });
        return bad;
    }
};

} // namespace terse
