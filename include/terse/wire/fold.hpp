// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <variant>
#include <vector>

#include <terse/backend/level_grid.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/wire/bundle.hpp>
#include <terse/wire/composed.hpp>
#include <terse/wire/either.hpp>
#include <terse/wire/levels.hpp>
#include <terse/wire/powers.hpp>
#include <terse/wire/signs.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// The entries of one sparse message.
template <class B, class T>
struct sparse_entries {
    view<B, index_t const> indices;
    view<B, T const> values;
};

/// A magnitude, and its signs: y_i = +-a.
template <class B, class T>
struct signed_by {
    T a;
    view<B, std::uint64_t const> bits;
};

/// Levels, and the units of their buckets: y_i = u l_i.
template <class B, class T>
struct levels_by {
    view<B, std::uint64_t const> words;
    view<B, T const> units;
    level_grid grid;
};

/// Means of messages, folded in worker order: the same bits wherever the messages come from. One per process; it keeps
/// its memory from round to round.
template <class B, class T>
class folder {
public:
    /// u = scale (get(0) + .. + get(n - 1)), n >= 1. All messages are of one type and dimension.
    template <class Get>
    void fold(std::size_t n, Get get, T scale, update<B, T>& u) {
        using message = std::remove_cvref_t<decltype(get(std::size_t{0}))>;
        fold_as(static_cast<message const*>(nullptr), n, get, scale, u);
    }

    /// For messages that are too many to hold at once: u = 0, then u += get(0) + .. + get(n - 1), in as many calls as
    /// it takes.
    static void begin(std::size_t dimension, update<B, T>& u) {
        u.become_dense(dimension);
        B::fill(view<B, T>(u.dense.values), T(0));
    }
    template <class Get>
    static void add(std::size_t n, Get get, update<B, T>& u) {
        for (std::size_t k = 0; k < n; ++k) get(k).add_to(T(1), view<B, T>(u.dense.values));
    }
    static void finish(T scale, update<B, T>& u) { multiply(scale, u.dense.values); }

private:
    using form = typename update<B, T>::form;

    static void multiply(T a, view<B, T> y) {
        if (a != T(1)) B::scale(a, y);
    }

    template <class Get>
    static void fold_dense(std::size_t n, Get get, T scale, update<B, T>& u) {
        begin(get(0).dimension(), u);
        add(n, get, u);
        finish(scale, u);
    }

    // Any message that can be added to a vector has a dense mean.
    template <class M, class Get>
    void fold_as(M const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        fold_dense(n, get, scale, u);
    }

    // y = scale (values(0) + .. + values(n - 1)), at once where the backend can.
    template <class Values>
    void sum(std::size_t n, Values values, T scale, view<B, T> y) {
        if constexpr (requires { B::template sum_vectors<T>(vectors_, scale, y); }) {
            vectors_.clear();
            for (std::size_t k = 0; k < n; ++k) vectors_.push_back(values(k));
            B::template sum_vectors<T>(vectors_, scale, y);
        } else {
            B::fill(y, T(0));
            for (std::size_t k = 0; k < n; ++k) B::axpy(T(1), values(k), y);
            multiply(scale, y);
        }
    }

    // Messages that are vectors.
    template <class Get>
    void fold_vectors(std::size_t n, Get get, T scale, update<B, T>& u) {
        u.become_dense(get(0).dimension());
        sum(
            n, [&](std::size_t k) -> view<B, T const> { return get(k).values; }, scale, u.dense.values);
    }
    template <class Get>
    void fold_as(dense_message<B, T> const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        fold_vectors(n, get, scale, u);
    }
    template <class Get>
    void fold_as(power_message<B, T> const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        fold_vectors(n, get, scale, u);
    }

    template <class Get>
    void fold_as(sparse_message<B, T> const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        std::size_t entries = 0;
        bool shared = true;
        for (std::size_t k = 0; k < n; ++k) {
            entries += get(k).indices.size();
            shared = shared && get(k).shared_support;
        }
        auto const d = get(0).dimension();
        if (shared) {
            u.shape = form::sparse;
            u.sparse.reset(d, get(0).indices.size(), true);
            B::copy(get(0).indices, view<B, index_t>(u.sparse.indices));
            return sum(
                n, [&](std::size_t k) -> view<B, T const> { return get(k).values; }, scale, u.sparse.values);
        }
        entries_.clear();
        for (std::size_t k = 0; k < n; ++k) entries_.push_back({get(k).indices, get(k).values});
        if (entries > d / 2) {
            if constexpr (requires(view<B, T> y) { B::template sum_entries<T>(entries_, scale, y); }) {
                u.become_dense(d);
                B::template sum_entries<T>(entries_, scale, view<B, T>(u.dense.values));
            } else {
                fold_dense(n, get, scale, u);
            }
            return prefer_sparse(u);
        }
        u.shape = form::sparse;
        u.sparse.reset(d, entries);
        auto const found = B::template merge<T>(entries_, d, u.sparse.indices, u.sparse.values, temporary_);
        u.sparse.reset(d, found);
        multiply(scale, u.sparse.values);
    }

    // Adding up many sparse messages is faster in a dense vector, but the sum may be sparse nonetheless.
    static void prefer_sparse(update<B, T>& u) {
        constexpr auto smallest = std::numeric_limits<T>::denorm_min();
        view<B, T const> const sum = u.dense.values;
        auto const n = B::count_at_least(sum, smallest);
        if (2 * n > sum.size() || B::first_non_finite(sum) < sum.size()) {
            u.support = n;
        } else {
            u.shape = form::sparse;
            u.sparse.reset(sum.size(), n);
            B::select_at_least(sum, smallest, view<B, index_t>(u.sparse.indices), view<B, T>(u.sparse.values));
        }
    }

    template <class M, class Get>
    void fold_as(composed_message<B, T, M> const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        fold(
            n, [&](std::size_t k) -> sparse_message<B, T> const& { return get(k).entries; }, scale, u);
    }

    template <class Get>
    void fold_as(sign_message<B, T> const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        if constexpr (requires(view<B, T> y) { B::template sum_signs<T>(signs_, scale, y); }) {
            signs_.clear();
            for (std::size_t k = 0; k < n; ++k) signs_.push_back({get(k).scale, get(k).bits});
            u.become_dense(get(0).dimension());
            B::template sum_signs<T>(signs_, scale, view<B, T>(u.dense.values));
        } else {
            fold_dense(n, get, scale, u);
        }
    }

    template <class Get>
    void fold_as(level_message<B, T> const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        if constexpr (requires(view<B, T> y) { B::template sum_levels<T>(levels_, scale, y); }) {
            levels_.clear();
            for (std::size_t k = 0; k < n; ++k) {
                if (get(k).grid.bucket != get(0).grid.bucket) return fold_dense(n, get, scale, u);
                levels_.push_back({get(k).words, get(k).units, get(k).grid});
            }
            u.become_dense(get(0).dimension());
            B::template sum_levels<T>(levels_, scale, view<B, T>(u.dense.values));
        } else {
            fold_dense(n, get, scale, u);
        }
    }

    template <class Get>
    void fold_as(block_message<B, T> const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        for (std::size_t k = 1; k < n; ++k)
            if (get(k).first != get(0).first || get(k).values.size() != get(0).values.size())
                return fold_dense(n, get, scale, u);
        u.shape = form::block;
        u.block.reset(get(0).dimension(), get(0).first, get(0).values.size());
        sum(
            n, [&](std::size_t k) -> view<B, T const> { return get(k).values; }, scale, u.block.values);
    }

    template <class M, class Get>
    void fold_as(bundle<M> const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        u.shape = form::parts;
        u.parts.resize(get(0).parts.size());
        for (std::size_t j = 0; j < u.parts.size(); ++j)
            fold(
                n, [&](std::size_t k) -> M const& { return get(k).parts[j]; }, scale, u.parts[j]);
    }

    template <class... Ms, class Get>
    void fold_as(either<Ms...> const*, std::size_t n, Get get, T scale, update<B, T>& u) {
        std::visit(
            [&]<class M>(M const&) {
                for (std::size_t k = 1; k < n; ++k)
                    if (!std::holds_alternative<M>(get(k).held)) return fold_dense(n, get, scale, u);
                fold(
                    n, [&](std::size_t k) -> M const& { return std::get<M>(get(k).held); }, scale, u);
            },
            get(0).held);
    }

    std::vector<sparse_entries<B, T>> entries_;
    std::vector<signed_by<B, T>> signs_;
    std::vector<levels_by<B, T>> levels_;
    std::vector<view<B, T const>> vectors_;
    scratch<B> temporary_;
};

} // namespace terse
