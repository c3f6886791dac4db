// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/concept.hpp>
#include <terse/wire/powers.hpp>

namespace terse {

/// Natural compression: every number becomes the power of two below or above it, at random such that E C(v) = v; a sign
/// and an exponent travel, 9 bits for float. E ||C(v) - v||^2 <= ||v||^2 / 8, attained at 4/3 2^j. Subnormal numbers
/// become 0 or the smallest normal one, and what is above the largest power of two becomes that. Infinity becomes NaN.
struct natural {
    template <class B, class T>
    using message = power_message<B, T>;

    template <class B, class T>
    void compress(input<B, T> in, power_message<B, T>& out, context<B> at) const {
        out.values.resize(in.size());
        B::template round_to_powers<T>(in, view<B, T>(out.values), at.own_stream(purpose::rounding));
    }
};

} // namespace terse
