// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/sign_take.hpp>
#include <terse/compressor/concept.hpp>
#include <terse/compressor/take_all.hpp>
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

    /// What a residual e has still to lose: scale sign(e), the message. It is subtracted when e is read next, so that
    /// one pass does for a round.
    template <class T>
    struct deferred {
        T scale = 0;
    };

    /// take() from a residual x and what it has still to lose, except that in the end e has still to lose `of_e`.
    template <class B, class T>
        requires requires(T a, input<B, T> x, view<B, T> e, view<B, std::uint64_t> words, context<B> at) {
            B::accumulate_signs(a, x, a, a, e, words, *at.temporary);
        }
    std::size_t take_deferred(T a, view<B, T const> x, deferred<T> of_x, T b, view<B, T> e, sign_message<B, T>& out,
                              deferred<T>& of_e, context<B> at) const {
        out.reset(e.size());
        auto const sum = B::accumulate_signs(a, x, of_x.scale, b, e, view<B, std::uint64_t>(out.bits), *at.temporary);
        return scale_taken(sum, e, out, of_e, at);
    }
    template <class B, class T>
    static void settle(deferred<T>& rest, view<B, T> e) {
        if (rest.scale != T(0)) B::subtract_signs(rest.scale, e);
        rest = {};
    }

    // With one pass less, where the backend has it.
    template <class B, class T>
        requires requires(T a, input<B, T> x, view<B, T> e, view<B, std::uint64_t> words, context<B> at) {
            B::accumulate_signs(a, x, a, a, e, words, *at.temporary);
        }
    std::size_t take(std::type_identity_t<T> a, view<B, T const> g, std::type_identity_t<T> b, view<B, T> e,
                     sign_message<B, T>& out, context<B> at) const {
        deferred<T> rest;
        auto const bad = take_deferred<B, T>(a, g, {}, b, e, out, rest, at);
        out.add_to(T(-1), e);
        return bad;
    }

    // In the launches of one worker, with one wait for all sums.
    template <class B, class T>
        requires requires(std::span<sign_take<B, T> const> all, scratch<B>& temporary) {
            B::accumulate_signs(all, temporary);
        }
    void take_deferred_all(std::span<deferred_take<sign_message<B, T>, B, T, deferred<T>>> all,
                           scratch<B>& temporary) const {
        std::vector<sign_take<B, T>> takes;
        for (auto const& [t, of_g, of_e] : all) {
            t.out->reset(t.e.size());
            takes.push_back({t.a, t.g, of_g.scale, t.b, t.e, t.out->bits});
        }
        auto const sums = B::accumulate_signs(std::span(std::as_const(takes)), temporary);
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto& t = all[i].take;
            auto const bad = scale_taken(sums[i], t.e, *t.out, *all[i].of_e, t.at);
            if (t.at.checks) t.bad = bad;
        }
    }
    template <class B, class T>
        requires requires(std::span<sign_subtraction<B, T> const> all) { B::subtract_signs(all); }
    void take_all(std::span<worker_take<sign_message<B, T>, B, T, view<B, T const>>> all, scratch<B>& temporary) const {
        std::vector<deferred<T>> rests(all.size());
        std::vector<deferred_take<sign_message<B, T>, B, T, deferred<T>>> takes;
        for (std::size_t i = 0; i < all.size(); ++i) takes.push_back({all[i], {}, &rests[i]});
        take_deferred_all(std::span(takes), temporary);
        std::vector<sign_subtraction<B, T>> messages;
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i].bad = takes[i].take.bad;
            messages.push_back({rests[i].scale, all[i].e});
        }
        B::subtract_signs(std::span(std::as_const(messages)));
    }

private:
    // The scale of out, which has the signs of e already, from the sum of magnitudes; the first e_i that is not finite.
    template <class B, class T>
    std::size_t scale_taken(double sum, view<B, T> e, sign_message<B, T>& out, deferred<T>& of_e, context<B> at) const {
        auto const bad = std::isfinite(sum) ? e.size() : B::first_non_finite(view<B, T const>(e));
        if (std::isinf(sum))
            compress(view<B, T const>(e), out, at);
        else
            out.scale = static_cast<T>(sum / static_cast<double>(e.size()));
        of_e.scale = out.scale;
        return bad;
    }
};

} // namespace terse
