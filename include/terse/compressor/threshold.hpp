// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <limits>

#include <terse/backend/entry_range.hpp>
#include <terse/compressor/concept.hpp>
#include <terse/error.hpp>
#include <terse/run/schedule.hpp>
#include <terse/wire/sparse.hpp>

namespace terse {

/// Numbers that backend B selects by a threshold while it adds them up.
template <class T, class B>
concept selectable_on = requires(T a, input<B, T> g, view<B, T> e, entry_range allowed, buffer<B, index_t> indices,
                                 buffer<B, T> values, scratch<B>& temporary) {
    { B::take_at_least(a, g, a, e, a, allowed, indices, values, temporary) } -> std::same_as<selection_outcome>;
};

/// Every entry with |x| >= at_least; zeros are never sent.
struct threshold {
    schedule at_least = 1e-3;

    template <class B, class T>
    using message = sparse_message<B, T>;

    void validate(std::size_t) const {
        if (!at_least.within(std::numeric_limits<float>::min(), std::numeric_limits<float>::max()))
            throw configuration_error("threshold: at_least must be positive and finite");
    }

    template <class B, class T>
    void compress(input<B, T> in, sparse_message<B, T>& out, context<B> at) const {
        select(in, static_cast<T>(at_least(at.round)), out);
    }

    // In one pass, where the backend has it.
    template <class B, selectable_on<B> T>
    std::size_t take(std::type_identity_t<T> a, view<B, T const> g, std::type_identity_t<T> b, view<B, T> e,
                     sparse_message<B, T>& out, context<B> at) const {
        auto const done = move_out<B, T>(a, g, b, e, static_cast<T>(at_least(at.round)), {0, e.size()}, out, at);
        return done.finite ? e.size() : B::first_non_finite(view<B, T const>(e)); // what was infinite is NaN now
    }

    /// The entries of `in` with |x| >= t, t > 0.
    template <class B, class T>
    static void select(input<B, T> in, T t, sparse_message<B, T>& out) {
        out.reset(in.size(), B::count_at_least(in, t));
        B::select_at_least(in, t, view<B, index_t>(out.indices), view<B, T>(out.values));
    }

    /// e <- b e + a g; out = its entries with |e_i| >= t, t > 0, which leave e, if so many are allowed.
    template <class B, selectable_on<B> T>
    static selection_outcome move_out(std::type_identity_t<T> a, view<B, T const> g, std::type_identity_t<T> b,
                                      view<B, T> e, T t, entry_range allowed, sparse_message<B, T>& out,
                                      context<B> at) {
        out.size = e.size();
        out.shared_support = false;
        return B::take_at_least(a, g, b, e, t, allowed, out.indices, out.values, *at.temporary);
    }
};

} // namespace terse
