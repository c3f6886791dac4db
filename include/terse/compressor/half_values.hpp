// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

#include <terse/compressor/take.hpp>
#include <terse/compressor/take_all.hpp>
#include <terse/wire/precision.hpp>

namespace terse {

/// The verbs that values of 16 bits need besides those of every backend: what rounding takes off is added to the last,
/// unless that is empty; see backend/cpu/half.hpp.
template <class B, class T>
concept RoundingVerbs = requires(wire::precision p, view<B, index_t const> i, view<B, T> y) {
    B::round_values(p, y, y);
    B::round_entries(p, i, y, y);
};

/// The inner compressor with values of 16 bits on the wire: C(v) = round(inner(v)), to nearest, ties to even; what is
/// too large for fp16 becomes +-65504. The rounding is a part of the compression: what it takes off stays in the
/// residual, and what all processes add up is what travelled. A magnitude of signs travels in full.
/// ||C(v) - v|| <= (1 + r) ||inner(v) - v|| + r ||v||, where r = 2^-11 (fp16) or 2^-8 (bf16), but for values that
/// overflow or fall below the normal numbers.
template <class C>
struct half_values {
    C inner{};
    wire::precision to = wire::precision::bf16;

    template <class B, class T>
    using message = message_of<C, B, T>;

    void validate(std::size_t d) const { terse::validate(inner, d); }

    template <class B, class T, class M>
        requires RoundingVerbs<B, std::remove_const_t<T>>
    void compress(view<B, T> in, M& out, context<B> at) const {
        inner.compress(in, out, at);
        out.round_to(to, view<B, std::remove_const_t<T>>());
    }

    // In the passes of the inner compressor, after which an entry that was sent is zero, and what rounding takes off it
    // is exactly what stays.
    template <class B, class T, class M>
        requires(RoundingVerbs<B, T>&& HasOwnTake<C, B, T>)
    std::size_t take(std::type_identity_t<T> a, input<B, T> g, std::type_identity_t<T> b, view<B, T> e, M& out,
                     context<B> at)
    const {
        auto const bad = terse::take<B, T>(inner, a, g, b, e, out, at);
        out.round_to(to, e);
        return bad;
    }
    template <class B, class T, class M, class G>
        requires(RoundingVerbs<B, T>&& HasOwnTake<C, B, T>&& SharesTakes<C, B, T, G>)
    void take_all(std::span<worker_take<M, B, T, G>> all, scratch<B>& temporary) const {
        terse::take_all<B, T>(inner, all, temporary);
        for (auto const& t : all) t.out->round_to(to, t.e);
    }
};

} // namespace terse
