// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <terse/compressor/count_sketch.hpp>
#include <terse/compressor/entries.hpp>
#include <terse/run/schedule.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// FetchSGD (Rothchild et al. 2020): workers send count sketches of their gradients; momentum and the error are
/// sketches at the server,
///     S_u <- rho S_u + mean sketch(g_k),  S_e <- r S_e + S_u,  D = the top k of S_e,
/// and D is applied and broadcast. Talks while it compresses; for workers without momentum and feedback.
struct fetch_top_k {
    enum class rule {
        subtract, ///< S_e <- S_e - sketch(D), r = eta_{t-1} / eta_t, which is the learning rate inside S_e: the paper
        zero      ///< zeros in S_e and S_u in every bucket of D, and r = 1: the authors' code
    };

    schedule ratio = 0.01;
    std::size_t count = 0; ///< k; 0 means round(ratio d)
    count_sketch table{};
    schedule rho = 0.9;
    rule after = rule::subtract;

    template <class B, class T>
    struct shared_state {
        sketch_plan plan;
        buffer<B, T> momentum, error; ///< S_u, S_e; at the server
        void reset(fetch_top_k const& c, std::size_t) {
            momentum.assign(c.table.rows * c.table.columns, T(0));
            error.assign(c.table.rows * c.table.columns, T(0));
        }
        template <class A>
        void state(A& archive) {
            archive("sketch of the momentum", momentum);
            archive("sketch of the error", error);
        }
    };
    template <class B, class T>
    struct round_memory {
        std::vector<sketch_message<B, T>> sketches; ///< of hosted workers
        sketch_message<B, T> sketch;

        void reset(fetch_top_k const&, std::size_t, std::size_t hosted) { sketches.resize(hosted); }
    };

    void validate(std::size_t d) const {
        validate_entries("fetch_top_k", ratio, count, d);
        table.validate(d);
        if (!rho.within(0, 1)) throw configuration_error("fetch_top_k: rho must lie in [0, 1]");
    }

    template <class B, class T>
        requires SketchVerbs<B, T>
    void begin(shared_state<B, T>& shared, context<B> at) const {
        if (shared.plan.rows.empty()) shared.plan = table.plan(at.seed);
    }

    template <class B, class T>
        requires SketchVerbs<B, T> std::size_t open(std::type_identity_t<T> a, input<B, T> x, std::type_identity_t<T> b,
                                                    view<B, T> y, shared_state<B, T> const& shared,
                                                    round_memory<B, T>& memory, std::size_t i, context<B>)
    const {
        auto& said = memory.sketches[i];
        table.sketch(a, x, b, y, shared.plan, said);
        return B::first_non_finite(view<B, T const>(said.values)) == said.values.size() ? y.size()
                                                                                        : B::first_non_finite(y);
    }

    template <class Cluster, class B, class T>
        requires SketchVerbs<B, T>
    void confer(Cluster& cluster, shared_state<B, T>& shared, round_memory<B, T>& memory, update<B, T>& u) const {
        auto const d = memory.sketches[0].dimension();
        auto const k = entries(ratio, count, d, cluster.round());
        auto& sum = memory.sketch;
        cluster.reduce(std::span(memory.sketches), sum);
        cluster.broadcast(u.sparse, d, [&](context<B> at) {
            auto const now = cluster.scales();
            view<B, T> const s_u = shared.momentum, s_e = shared.error;
            B::axpby(T(1), sum.values, static_cast<T>(rho(at.round)), s_u);
            B::axpby(T(1), s_u, after == rule::subtract ? static_cast<T>(now.last_lr / now.lr) : T(1), s_e);
            if (cluster.checks() && B::first_non_finite(view<B, T const>(s_e)) < s_e.size())
                throw overflow_error(
                    "fetch_top_k: the sketches are too large for the scalar type, or NaN; nothing was changed");
            B::copy(s_e, view<B, T>(sum.values));
            count_sketch::heavy_hitters(sum, shared.plan, k, u.sparse, *at.temporary);
            view<B, index_t const> const taken = u.sparse.indices;
            if (after == rule::subtract) {
                B::add_entries_to_sketch(T(-1), taken, u.sparse.values, shared.plan, s_e);
            } else {
                B::clear_in_sketch(taken, shared.plan, s_e);
                B::clear_in_sketch(taken, shared.plan, s_u);
            }
        });
        u.shape = update<B, T>::form::sparse;
        cluster.for_each([&](std::size_t i, context<B>) { u.sparse.add_to(T(-1), cluster.vector(i)); });
    }
};

} // namespace terse
