// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <type_traits>

#include <terse/compressor/concept.hpp>
#include <terse/wire/composed.hpp>

namespace terse {

/// Some entries, and what another compressor makes of their values: C(v) = Q(S(v)), such as top-k, then QSGD. Between
/// them there is no residual: what Q loses stays in the residual around both. If S has delta and Q omega,
/// E ||C(v) - v||^2 <= (1 - delta + omega) ||v||^2.
template <class S, class Q>
struct composed {
    S select{};
    Q quantize{};

    template <class B, class T>
    using message = composed_message<B, T, message_of<Q, B, T>>;

    void validate(std::size_t d) const {
        terse::validate(select, d);
        terse::validate(quantize, d);
    }

    template <class B, class T, class M>
    void compress(view<B, T> in, composed_message<B, std::remove_const_t<T>, M>& out, context<B> at) const {
        using number = std::remove_const_t<T>;
        static_assert(std::is_same_v<message_of<S, B, number>, sparse_message<B, number>>,
                      "composed.select must send entries with indices, as top_k does - docs/compressors.md");
        select.compress(in, out.entries, at);
        if (out.entries.values.size() == 0) return;
        quantize.compress(view<B, number const>(out.entries.values), out.values, at.part(0));
        out.expand();
    }
};

} // namespace terse
