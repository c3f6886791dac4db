// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <terse/compressor/concept.hpp>
#include <terse/error.hpp>
#include <terse/wire/levels.hpp>

namespace terse {

/// TernGrad: C(v)_i = s sign(v_i) b_i, where b_i is 1 with probability |v_i| / s and otherwise 0; two bits for each
/// coordinate. Without clipping s = ||v||_inf and E C(v) = v, E ||C(v) - v||^2 <= omega ||v||^2 with
/// omega = (sqrt(d) - 1) / 2. With it |v_i| counts as c sigma where it is larger, sigma being the standard deviation of
/// the coordinates about their mean, so that C is biased. For the layers of a network: per_segment<terngrad>. A
/// scale that all workers share: shared_terngrad.
struct terngrad {
    /// What s is when something is clipped: the largest clipped magnitude, or c sigma in any case.
    enum class rule { paper, code };

    double clip = 0; ///< c, such as 2.5; 0 for no clipping
    rule how = rule::paper;
    level_coding coding = level_coding::fixed;

    template <class B, class T>
    using message = level_message<B, T>;

    void validate(std::size_t) const {
        if (!(clip >= 0 && std::isfinite(clip)))
            throw configuration_error("terngrad: clip must be positive, or 0 for no clipping");
    }

    template <class B, class T>
    void compress(input<B, T> in, level_message<B, T>& out, context<B> at) const {
        out.reset(in.size(), {.levels = 1, .bucket = 0, .norm = clip > 0 ? norm::given : norm::linf}, coding);
        if (clip > 0) {
            B::fill(view<B, T>(out.units), unit_of<T>(scale_of(in, *at.temporary), 1));
        }
        B::template quantize<T>(in, out.grid, view<B, T>(out.units), view<B, std::uint64_t>(out.words),
                                at.own_stream(purpose::rounding));
    }

    /// s of these coordinates; infinite or NaN if one of them is.
    template <class B, class T>
    double scale_of(view<B, T const> in, scratch<B>& temporary) const {
        auto const largest = static_cast<double>(B::nth_magnitude(in, 1, temporary));
        if (!(clip > 0) || !std::isfinite(largest)) return largest;
        auto const limit = clip * deviation(in, temporary);
        return how == rule::code && std::isfinite(limit) ? limit : std::min(largest, limit);
    }

private:
    // Of the coordinates about their mean; infinite where the squares are too large.
    template <class B, class T>
    static double deviation(view<B, T const> in, scratch<B>& temporary) {
        auto const d = static_cast<double>(in.size());
        typename scratch<B>::scope const scope(temporary);
        auto const centered = temporary.template take<T>(in.size());
        B::fill(centered, T(1));
        B::combine(in, static_cast<T>(-B::sum(in) / d), centered, centered);
        auto const squares = B::sum_of_squares(view<B, T const>(centered));
        return std::isnan(squares) ? HUGE_VAL : std::sqrt(squares / d);
    }
};

} // namespace terse
