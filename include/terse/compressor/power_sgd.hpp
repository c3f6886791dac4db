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
    template <class B, class T>
    struct round_memory {
        low_rank_plan plan;
        std::vector<dense_message<B, T>> left, right; ///< of hosted workers: V_k Q and dense segments, V_k' P
        dense_message<B, T> mean_left, mean_right;
        std::vector<buffer<B, T>> own; ///< V_k' P, for local residuals

        void reset(power_sgd const& p, std::size_t, std::size_t hosted) {
            plan = low_rank_plan(p.layout, p.rank);
            left.resize(hosted), right.resize(hosted), own.resize(hosted);
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
        auto& said = memory.left[i];
        said.reset(memory.plan.left_size());
        view<B, T> const out = said.values;
        for (auto const& s : memory.plan.segments) {
            auto const part = y.part(s.first, s.size());
            auto const from = x.empty() ? x : x.part(s.first, s.size());
            if (s.whole()) {
                if (!from.empty()) B::axpby(a, from, b, part);
                B::copy(part, out.part(s.left, s.size()));
            } else {
                B::accumulate_product(a, from, b, part, s.shape,
                                      view<B, T const>(shared.query).part(s.right, s.right_size()),
                                      out.part(s.left, s.left_size()));
            }
        }
        // What is not finite reaches a sum; only then it is worth a look for where it was, if it is not the sum that
        // was too large.
        return B::first_non_finite(out) == out.size() ? y.size() : B::first_non_finite(y);
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
            if (keeps == residual::local) memory.own[i] = memory.right[i].values;
        });
        if (plan.right_size() != 0) cluster.all_reduce(std::span(memory.right), q);
        if (cluster.checks())
            for (auto const* m : {&p, &q})
                if (B::first_non_finite(view<B, T const>(m->values)) < m->values.size())
                    throw overflow_error(
                        "power_sgd: the factors are too large for the scalar type, or NaN; nothing was changed");

        auto const subtract = [&](buffer<B, T> const& of, T a, view<B, T> y) { // y += a P of', matrix by matrix
            for (auto const& s : plan.segments)
                if (!s.whole())
                    B::add_outer_product(a, left(s), view<B, T const>(of).part(s.right, s.right_size()), s.shape,
                                         y.part(s.first, s.size()));
        };
        cluster.for_each([&](std::size_t i, context<B>) {
            auto const v = cluster.vector(i);
            subtract(keeps == residual::local ? memory.own[i] : q.values, T(-1), v);
            for (auto const& s : plan.segments)
                if (s.whole()) B::fill(v.part(s.first, s.size()), T(0));
        });
        u.become_dense(plan.dimension);
        view<B, T> const out = u.dense.values;
        B::fill(out, T(0));
        subtract(q.values, T(1), out);
        for (auto const& s : plan.segments)
            if (s.whole()) B::copy(left(s), out.part(s.first, s.size()));
        // A column of zeros would stay one for ever, and what it stands for would not be sent again: the one before it
        // stays.
        for (auto const& s : plan.segments)
            for (std::size_t k = 0; k < s.shape.rank && !s.whole(); ++k) {
                auto const column = view<B, T const>(q.values).part(s.right + k * s.shape.cols, s.shape.cols);
                if (B::sum_of_magnitudes(column) > 0)
                    B::copy(column, view<B, T>(shared.query).part(s.right + k * s.shape.cols, s.shape.cols));
            }
    }
};

} // namespace terse
