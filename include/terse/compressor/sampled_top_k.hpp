// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <terse/compressor/concept.hpp>
#include <terse/compressor/entries.hpp>
#include <terse/compressor/random_support.hpp>
#include <terse/compressor/threshold.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/wire/sparse.hpp>

namespace terse {

/// About k entries: those that reach a threshold estimated from a sample. Zeros are never sent.
///
/// `one_shot` (the GMC paper): a random subset S of the coordinates, the threshold that |S| k/d of its magnitudes
/// reach, no correction. `dgc` (DGC's code): a strided sample from a random start; at most ten times, too many entries
/// (more than 1.3 k) are cut to the exact k largest, and too few (less than 0.8 k) lower the threshold by a fifth.
/// Where that code drops entries by their position, this one never does.
struct sampled_top_k {
    enum class rule { one_shot, dgc };

    schedule ratio = 0.01;
    std::size_t count = 0; ///< k; 0 means round(ratio d)
    rule how = rule::one_shot;
    double sample = 0.01; ///< the part of the coordinates that is looked at

    template <class B, class T>
    using message = sparse_message<B, T>;

    void validate(std::size_t d) const {
        validate_entries("sampled_top_k", ratio, count, d);
        if (!(sample > 0 && sample <= 1)) throw configuration_error("sampled_top_k: the sample must lie in (0, 1]");
    }

    template <class B, class T>
    void compress(input<B, T> in, sparse_message<B, T>& out, context<B> at) const {
        auto const d = in.size();
        auto const k = entries(ratio, count, d, at.round);
        auto t = estimate<B, T>(d, k, at, [&](auto positions, auto values) { B::gather(in, positions, values); });
        if (how == rule::dgc) {
            for (int i = 0; i < 10; ++i) {
                auto const n = B::count_at_least(in, t);
                if (10 * n > 13 * k) return top_k{.count = k}.compress(in, out, at);
                if (10 * n >= 8 * k) break;
                t *= T(0.8);
            }
            if (10 * B::count_at_least(in, t) > 13 * k) return top_k{.count = k}.compress(in, out, at);
        }
        threshold::select(in, t, out);
    }

    // In one pass, where the backend has it, unless the sample was too far off for dgc.
    template <class B, selectable_on<B> T>
    std::size_t take(std::type_identity_t<T> a, view<B, T const> g, std::type_identity_t<T> b, view<B, T> e,
                     sparse_message<B, T>& out, context<B> at) const {
        auto const d = e.size();
        auto const k = entries(ratio, count, d, at.round);
        auto const t = estimate<B, T>(d, k, at, [&](auto positions, auto values) {
            auto const added = at.temporary->template take<T>(values.size());
            B::gather(e, positions, values);
            B::gather(g, positions, added);
            B::axpby(a, added, b, values);
        });
        // As many as leave the threshold as it is: 0.8 k <= n <= 1.3 k.
        auto const allowed = how == rule::dgc ? entry_range{(8 * k + 9) / 10, 13 * k / 10} : entry_range{0, d};
        auto const done = threshold::move_out<B, T>(a, g, b, e, t, allowed, out, at);
        if (done.finite) return d;
        if (!done.taken) {
            compress(view<B, T const>(e), out, at);
            out.add_to(T(-1), e);
        }
        return B::first_non_finite(view<B, T const>(e)); // what was infinite is NaN now
    }

private:
    // The magnitude that a share k/d of the sample reaches, and more than zero. look(positions, values) takes it.
    template <class B, class T, class Look>
    T estimate(std::size_t d, std::size_t k, context<B> at, Look look) const {
        auto const share = static_cast<double>(k) / static_cast<double>(d);
        // Below two expected hits a sample says nothing.
        auto const wanted = std::ceil(std::max(sample * static_cast<double>(d), 2 / share));
        auto const n = wanted < static_cast<double>(d) ? static_cast<std::size_t>(wanted) : d;

        typename scratch<B>::scope const scope(*at.temporary);
        auto const positions = at.temporary->template take<index_t>(n);
        auto const random = at.own_stream(purpose::sample);
        if (how == rule::one_shot) {
            random_support(random, d, positions, *at.temporary);
        } else {
            auto const stride = d / n;
            auto const start = random.below(0, d - stride * (n - 1));
            B::sequence(start, stride, positions);
        }
        auto const values = at.temporary->template take<T>(n);
        look(positions, values);
        auto const rank =
            std::clamp<std::size_t>(static_cast<std::size_t>(std::floor(static_cast<double>(n) * share + 0.5)), 1, n);
        return std::max(B::nth_magnitude(view<B, T const>(values), rank, *at.temporary),
                        std::numeric_limits<T>::denorm_min());
    }
};

} // namespace terse
