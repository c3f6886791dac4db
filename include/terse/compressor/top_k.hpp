// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <terse/backend/largest_take.hpp>
#include <terse/compressor/entries.hpp>
#include <terse/compressor/take_all.hpp>
#include <terse/wire/sparse.hpp>

namespace terse {

/// The k entries that come first in the order (|x| descending, index ascending), exactly; +0 and -0 are equal.
/// ||C(v) - v||^2 <= (1 - k/d) ||v||^2.
struct top_k {
    schedule ratio = 0.01;
    std::size_t count = 0; ///< k; 0 means round(ratio d)

    /// Where the bound that candidates must reach is taken from, where the backend looks for them in passing: from a
    /// sample of the vector, or from the last message as it is still in `out`. That saves the sample, and costs another
    /// pass in rounds that are unlike the last. What is selected does not depend on it.
    enum class bound { sampled, carried };
    bound from = bound::sampled;

    template <class B, class T>
    using message = sparse_message<B, T>;

    void validate(std::size_t d) const { validate_entries("top_k", ratio, count, d); }

    template <class B, class T>
    void compress(input<B, T> in, sparse_message<B, T>& out, context<B> at) const {
        auto const k = entries(ratio, count, in.size(), at.round);
        out.reset(in.size(), k);
        B::select_largest(in, k, view<B, index_t>(out.indices), view<B, T>(out.values), *at.temporary);
    }

    // In one pass over e and g, where the backend has it.
    template <class B, class T, class G>
        requires requires(T x, G g, view<B, T> e, view<B, index_t> indices, context<B> at) {
            B::take_largest(x, g, x, e, indices, e, at.own_stream(purpose::sample), *at.temporary);
        }
    std::size_t take(std::type_identity_t<T> a, G const& g, std::type_identity_t<T> b, view<B, T> e,
                     sparse_message<B, T>& out, context<B> at) const {
        auto const k = entries(ratio, count, e.size(), at.round);
        [[maybe_unused]] bool const carried = from == bound::carried && out.size == e.size() && out.values.size() == k;
        out.reset(e.size(), k);
        auto const take = [&](auto... options) {
            return B::take_largest(a, g, b, e, view<B, index_t>(out.indices), view<B, T>(out.values),
                                   at.own_stream(purpose::sample), *at.temporary, options...);
        };
        auto const finite = [&] {
            if constexpr (requires {
                              B::take_largest(a, g, b, e, out.indices.part(0, k), e, at.own_stream(purpose::sample),
                                              *at.temporary, carried);
                          })
                return take(carried);
            else
                return take();
        }();
        // What is not finite counts as largest, so it was taken, and left NaN behind.
        return !at.checks || finite ? e.size() : B::first_non_finite(view<B, T const>(e));
    }

    // In the launches of one worker. All hear together whether what they took is finite.
    template <class B, class T, class G>
        requires requires(std::span<largest_take<B, T, G> const> all, scratch<B>& temporary) {
            B::take_largest(all, temporary).finite();
        }
    void take_all(std::span<worker_take<sparse_message<B, T>, B, T, G>> all, scratch<B>& temporary) const {
        std::vector<largest_take<B, T, G>> takes;
        bool checks = false;
        for (auto& t : all) {
            t.out->reset(t.e.size(), entries(ratio, count, t.e.size(), t.at.round));
            takes.push_back({t.a, t.g, t.b, t.e, t.out->indices, t.out->values, t.at.own_stream(purpose::sample)});
            checks = checks || t.at.checks;
        }
        auto const taken = B::take_largest(std::span<largest_take<B, T, G> const>(takes), temporary);
        if (!checks) return;
        auto const finite = taken.finite();
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].at.checks && !finite[i]) all[i].bad = B::first_non_finite(view<B, T const>(all[i].e));
    }
};

} // namespace terse
