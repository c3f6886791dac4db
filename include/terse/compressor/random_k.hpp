// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/concept.hpp>
#include <terse/compressor/entries.hpp>
#include <terse/compressor/random_support.hpp>
#include <terse/wire/sparse.hpp>

namespace terse {

/// k distinct entries, every set equally likely. With a shared support all workers draw the same one and no indices
/// travel. Biased: E||C(v) - v||^2 = (1 - k/d) ||v||^2. Scaled by d/k: unbiased, omega = d/k - 1.
struct random_k {
    schedule ratio = 0.01;
    std::size_t count = 0;      ///< k; 0 means round(ratio d)
    bool shared_support = true; ///< false: each worker draws its own, and its indices travel
    bool unbiased = false;      ///< send (d/k) x instead of x

    template <class B, class T>
    using message = sparse_message<B, T>;

    void validate(std::size_t d) const { validate_entries("random_k", ratio, count, d); }

    template <class B, class T>
    void compress(input<B, T> in, sparse_message<B, T>& out, context<B> at) const {
        auto const d = in.size();
        auto const k = entries(ratio, count, d, at.round);
        auto const random = shared_support ? at.shared_stream(purpose::support) : at.own_stream(purpose::support);
        out.reset(d, k, shared_support);
        random_support(random, d, view<B, index_t>(out.indices), *at.temporary);
        B::gather(in, out.indices, view<B, T>(out.values));
        if (unbiased) B::scale(static_cast<T>(static_cast<double>(d) / static_cast<double>(k)), view<B, T>(out.values));
    }
};

} // namespace terse
