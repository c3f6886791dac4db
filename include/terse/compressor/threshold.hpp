// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/concept.hpp>
#include <terse/error.hpp>
#include <terse/run/schedule.hpp>
#include <terse/wire/sparse.hpp>

namespace terse {

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

    /// The entries of `in` with |x| >= t, t > 0.
    template <class B, class T>
    static void select(input<B, T> in, T t, sparse_message<B, T>& out) {
        out.reset(in.size(), B::count_at_least(in, t));
        B::select_at_least(in, t, view<B, index_t>(out.indices), view<B, T>(out.values));
    }
};

} // namespace terse
