// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <terse/compressor/low_rank.hpp>
#include <terse/compressor/take.hpp>
#include <terse/error.hpp>
#include <terse/wire/dense.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// PowerSGD (Vogels et al. 2019, Algorithm 1): a rows x cols matrix V_k of each segment of a layout is sent as factors
/// of rank r = min(rank, rows, cols),
///     P = orthonormalise(mean V_k Q),  Q = mean V_k' P,  and the mean of the V_k becomes P Q'.
/// Segments with one row or one column are sent whole. Talks while it compresses: two collective operations.
struct power_sgd {
    enum class residual {
        aggregated, ///< V_k - P Q', with the mean's Q: the paper's code
        local       ///< V_k - P (V_k' P)': the authors' package. The iterates are the same
    };

    std::size_t rank = 2;
    terse::layout layout{};
    bool warm_start = true; ///< begin with the last round's Q rather than with a random one
    residual keeps = residual::aggregated;

    template <class B, class T>
    struct shared_state {
        buffer<B, T> query; ///< Q of every matrix, column by column
        std::uint8_t drawn = 0;

        void reset(power_sgd const& p, std::size_t) {
            query.assign(low_rank_plan(p.layout, p.rank).right_size(), T(0));
        }
        template <class A>
        void state(A& archive) {
            archive("query of power_sgd", query);
            archive("query of power_sgd is drawn", drawn);
        }
    };
    /// What a vector has still to lose: the matrices P Q' of a round. They are subtracted when the residual is read
    /// next, so that two passes over it do for a round rather than three.
    template <class B, class T>
    struct deferred {
        low_rank_plan plan;
        buffer<B, T> left, right; ///< empty if there is nothing to lose

        low_rank_term<B, T> of(low_rank_plan::place const& s) const {
            if (left.empty()) return {};
            return {view<B, T const>(left).part(s.left, s.left_size()),
                    view<B, T const>(right).part(s.right, s.right_size())};
        }
    };
    template <class B, class T>
    static void settle(deferred<B, T>& rest, view<B, T> y) {
        subtract(rest, y);
        rest.left.resize(0);
    }

    template <class B, class T>
    struct round_memory {
        low_rank_plan plan;
        std::vector<dense_message<B, T>> left, right; ///< of hosted workers: V_k Q and dense segments, V_k' P
        dense_message<B, T> mean_left, mean_right;
        std::vector<deferred<B, T>> rest;

        void reset(power_sgd const& p, std::size_t, std::size_t hosted) {
            plan = low_rank_plan(p.layout, p.rank);
            left.resize(hosted), right.resize(hosted), rest.resize(hosted);
        }
    };

    void validate(std::size_t d) const {
        if (rank == 0) throw configuration_error("power_sgd: the rank must be at least 1");
        if (layout.size() != d)
            throw dimension_error("power_sgd: the layout has " + std::to_string(layout.size()) +
                                  " parameters and the model " + std::to_string(d));
    }

    template <class B, class T>
        requires LowRankVerbs<B, T>
    void begin(shared_state<B, T>& shared, context<B> at) const {
        if (warm_start && shared.drawn != 0) return;
        std::vector<T> normal(shared.query.size());
        auto const random = at.shared_stream(purpose::query);
        for (std::size_t j = 0; j < normal.size(); ++j) normal[j] = static_cast<T>(random.normal(j));
        B::upload(std::span<T const>(normal), view<B, T>(shared.query));
        shared.drawn = 1;
    }

    template <class B, class T>
        requires LowRankVerbs<B, T> std::size_t open(std::type_identity_t<T> a, input<B, T> x,
                                                     std::type_identity_t<T> b, view<B, T> y,
                                                     shared_state<B, T> const& shared, round_memory<B, T>& memory,
                                                     std::size_t i, context<B>)
    const {
        return begin_with<B, T>(a, x, b, y, memory, i,
                                [&](auto const& s, input<B, T> from, view<B, T> part, view<B, T> p) {
                                    B::accumulate_product(a, from, b, part, s.shape, query(shared, s), p);
                                });
    }
    template <class B, class T>
        requires LowRankVerbs<B, T> && JoinsLowRankTerm<B, T> std::size_t
        open(std::type_identity_t<T> a, input<B, T> x, deferred<B, T> const& rest, std::type_identity_t<T> b,
             view<B, T> y, shared_state<B, T> const& shared, round_memory<B, T>& memory, std::size_t i, context<B>)
    const {
        return begin_with<B, T>(a, x, b, y, memory, i,
                                [&](auto const& s, input<B, T> from, view<B, T> part, view<B, T> p) {
                                    B::accumulate_product(a, from, rest.of(s), b, part, s.shape, query(shared, s), p);
                                });
    }

    template <class Cluster, class B, class T>
        requires LowRankVerbs<B, T>
    void confer(Cluster& cluster, shared_state<B, T>& shared, round_memory<B, T>& memory, update<B, T>& u) const {
        auto const& plan = memory.plan;
        auto& p = memory.mean_left;
        auto& q = memory.mean_right;
        cluster.all_reduce(std::span(memory.left), p);
        auto const left = [&](auto const& s) { return view<B, T>(p.values).part(s.left, s.left_size()); };
        for (auto const& s : plan.segments)
            if (!s.whole()) B::orthonormalise(left(s), s.shape.rows, s.shape.rank);

        cluster.for_each([&](std::size_t i, context<B>) {
            memory.right[i].reset(plan.right_size());
            for (auto const& s : plan.segments)
                if (!s.whole())
                    B::transposed_product(cluster.vector(i).part(s.first, s.size()), s.shape, left(s),
                                          view<B, T>(memory.right[i].values).part(s.right, s.right_size()));
            if (keeps == residual::local) memory.rest[i].right = memory.right[i].values;
        });
        if (plan.right_size() != 0) cluster.all_reduce(std::span(memory.right), q);
        if (cluster.checks())
            for (auto const* m : {&p, &q})
                if (B::first_non_finite(view<B, T const>(m->values)) < m->values.size())
                    throw overflow_error(
                        "power_sgd: the factors are too large for the scalar type, or NaN; nothing was changed");

        cluster.for_each([&](std::size_t i, context<B>) {
            auto& rest = memory.rest[i];
            rest.plan = plan;
            rest.left = p.values;
            if (keeps == residual::aggregated) rest.right = q.values;
            for (auto const& s : plan.segments)
                if (s.whole()) B::fill(cluster.vector(i).part(s.first, s.size()), T(0));
        });
        u.become_dense(plan.dimension);
        view<B, T> const out = u.dense.values;
        B::fill(out, T(0));
        for (auto const& s : plan.segments)
            if (s.whole())
                B::copy(left(s), out.part(s.first, s.size()));
            else
                B::add_outer_product(T(1), left(s), view<B, T const>(q.values).part(s.right, s.right_size()), s.shape,
                                     out.part(s.first, s.size()));
        // A column of zeros would stay one for ever, and what it stands for would not be sent again: the one before it
        // stays.
        for (auto const& s : plan.segments)
            for (std::size_t k = 0; k < s.shape.rank && !s.whole(); ++k) {
                auto const column = view<B, T const>(q.values).part(s.right + k * s.shape.cols, s.shape.cols);
                if (B::sum_of_magnitudes(column) > 0)
                    B::copy(column, view<B, T>(shared.query).part(s.right + k * s.shape.cols, s.shape.cols));
            }
    }

private:
    template <class B, class T>
    static view<B, T const> query(shared_state<B, T> const& shared, low_rank_plan::place const& s) {
        return view<B, T const>(shared.query).part(s.right, s.right_size());
    }

    // y <- b y + a x, and what hosted worker i says of it: product(segment, its x, its y, p) of the matrices.
    template <class B, class T, class Product>
    static std::size_t begin_with(T a, input<B, T> x, T b, view<B, T> y, round_memory<B, T>& memory, std::size_t i,
                                  Product product) {
        auto& said = memory.left[i];
        said.reset(memory.plan.left_size());
        view<B, T> const out = said.values;
        for (auto const& s : memory.plan.segments) {
            auto const part = y.part(s.first, s.size()), p = out.part(s.left, s.left_size());
            auto const from = x.empty() ? x : x.part(s.first, s.size());
            if (s.whole()) {
                if (!from.empty()) B::axpby(a, from, b, part);
                B::copy(part, p);
            } else {
                product(s, from, part, p);
            }
        }
        // What is not finite reaches a sum; only then it is worth a look for where it was, if it is not the sum that
        // was too large.
        return B::first_non_finite(out) == out.size() ? y.size() : B::first_non_finite(y);
    }

    // y <- y - what it has still to lose
    template <class B, class T>
    static void subtract(deferred<B, T> const& rest, view<B, T> y) {
        for (auto const& s : rest.plan.segments)
            if (auto const term = rest.of(s); !s.whole() && !term.left.empty())
                B::add_outer_product(T(-1), term.left, term.right, s.shape, y.part(s.first, s.size()));
    }
};

} // namespace terse
