// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <terse/compressor/concept.hpp>
#include <terse/wire/signs.hpp>

namespace terse {

/// One bit per coordinate: C(v) = (||v||_1 / d) sign(v), where the sign of zero is +.
/// ||C(v) - v||^2 = (1 - ||v||_1^2 / (d ||v||_2^2)) ||v||^2.
struct scaled_sign {
    template <class B, class T>
    using message = sign_message<B, T>;

    template <class B, class T>
    void compress(input<B, T> in, sign_message<B, T>& out, context<B> at) const {
        out.reset(in.size());
        auto const d = static_cast<double>(in.size());
        auto mean = B::pack_signs(in, view<B, std::uint64_t>(out.bits)) / d;
        if (std::isinf(mean)) { // the sum may be too large where the mean is not
            constexpr double largest = std::numeric_limits<T>::max() * 0x1p-64;
            typename scratch<B>::scope const scope(*at.temporary);
            auto const small = at.temporary->template take<T>(in.size());
            B::copy(in, small);
            B::scale(T(0x1p-64), small);
            if (auto const sum = B::sum_of_magnitudes(small); std::isfinite(sum))
                mean = std::min(sum / d, largest) * 0x1p64;
        }
        out.scale = static_cast<T>(mean);
    }

    // With one pass less, where the backend has it.
    template <class B, class T>
        requires requires(T x, input<B, T> g, view<B, T> e, view<B, std::uint64_t> words) {
            B::accumulate_signs(x, g, x, e, words);
        }
    std::size_t take(std::type_identity_t<T> a, view<B, T const> g, std::type_identity_t<T> b, view<B, T> e,
                     sign_message<B, T>& out, context<B> at) const {
        out.reset(e.size());
        auto const sum = B::accumulate_signs(a, g, b, e, view<B, std::uint64_t>(out.bits));
        auto const bad = std::isfinite(sum) ? e.size() : B::first_non_finite(view<B, T const>(e));
        if (std::isinf(sum))
            compress(view<B, T const>(e), out, at);
        else
            out.scale = static_cast<T>(sum / static_cast<double>(e.size()));
        out.add_to(T(-1), e);
        return bad;
    }
};

} // namespace terse
