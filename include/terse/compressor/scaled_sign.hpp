// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/concept.hpp>
#include <terse/wire/signs.hpp>

namespace terse {

/// One bit per coordinate: C(v) = (||v||_1 / d) sign(v), where the sign of zero is +.
/// ||C(v) - v||^2 = (1 - ||v||_1^2 / (d ||v||_2^2)) ||v||^2.
struct scaled_sign {
    template <class B, class T>
    using message = sign_message<B, T>;

    template <class B, class T>
    void compress(input<B, T> in, sign_message<B, T>& out, context<B>) const {
        out.reset(in.size());
        out.scale = static_cast<T>(B::sum_of_magnitudes(in) / static_cast<double>(in.size()));
        B::pack_signs(in, view<B, std::uint64_t>(out.bits));
    }
};

} // namespace terse
