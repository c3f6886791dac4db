// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/entry_move.hpp>
#include <terse/compressor/concept.hpp>
#include <terse/compressor/entries.hpp>
#include <terse/compressor/random_support.hpp>
#include <terse/compressor/take_all.hpp>
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
        out.reset(d, entries(ratio, count, d, at.round), shared_support);
        random_support(stream(at), d, view<B, index_t>(out.indices), *at.temporary);
        B::gather(in, out.indices, view<B, T>(out.values));
        if (unbiased) B::scale(factor<T>(out), view<B, T>(out.values));
    }

    // All sums in the launches of one, and all entries. A support that workers share is drawn once.
    template <class B, class T>
        requires AccumulatesForAll<B, T> && requires(std::span<entry_move<B, T> const> all) { B::move_entries(all); }
    void take_all(std::span<worker_take<sparse_message<B, T>, B, T, view<B, T const>>> all,
                  scratch<B>& temporary) const {
        detail::accumulate_all(all, temporary);
        std::vector<entry_move<B, T>> moves;
        worker_take<sparse_message<B, T>, B, T, view<B, T const>> const* drawn = nullptr; // the last
        for (auto const& t : all) {
            auto const d = t.e.size();
            t.out->reset(d, entries(ratio, count, d, t.at.round), shared_support);
            if (drawn == nullptr || !shared_support || drawn->at.segment != t.at.segment) {
                random_support(stream(t.at), d, view<B, index_t>(t.out->indices), temporary);
                drawn = &t;
            }
            moves.push_back(
                {t.e, drawn->out->indices, t.out->indices, unbiased ? factor<T>(*t.out) : T(1), t.out->values});
        }
        B::move_entries(std::span(std::as_const(moves)));
    }

private:
    template <class B>
    random_stream stream(context<B> at) const {
        return shared_support ? at.shared_stream(purpose::support) : at.own_stream(purpose::support);
    }
    template <class T, class B>
    static T factor(sparse_message<B, T> const& m) {
        return static_cast<T>(static_cast<double>(m.size) / static_cast<double>(m.values.size()));
    }
};

} // namespace terse
