// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <terse/compressor/count_sketch.hpp>
#include <terse/compressor/entries.hpp>
#include <terse/wire/support.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// Sketched-SGD (Ivkin et al. 2019): workers send count sketches of their vectors v_k; the server finds candidates,
/// the `candidates` k coordinates of largest estimates, and asks for their exact values; the k largest of the mean are
/// applied and leave every v_k. Without a second round the estimates are applied. Talks while it compresses.
struct sketched_top_k {
    schedule ratio = 0.01;
    std::size_t count = 0; ///< k; 0 means round(ratio d)
    count_sketch table{};
    std::size_t candidates = 4; ///< the authors' p2; 0 for no second round
    bool sum = false;           ///< what is applied is the sum over the workers in place of the mean: the authors' code

    template <class B, class T>
    struct shared_state { // none; the hashes are a function of the seed
        sketch_plan plan;
        void reset(sketched_top_k const&, std::size_t) {}
        template <class A>
        void state(A&) {}
    };
    template <class B, class T>
    struct round_memory {
        std::vector<sketch_message<B, T>> sketches; ///< of hosted workers
        std::vector<sparse_message<B, T>> exact;
        sketch_message<B, T> sketch;
        support_message<B, T> asked;
        sparse_message<B, T> found;

        void reset(sketched_top_k const&, std::size_t, std::size_t hosted) {
            sketches.resize(hosted), exact.resize(hosted);
        }
    };

    void validate(std::size_t d) const {
        validate_entries("sketched_top_k", ratio, count, d);
        table.validate(d);
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
        // What is not finite reaches the table; only then it is worth a look for where it was.
        return B::first_non_finite(view<B, T const>(said.values)) == said.values.size() ? y.size()
                                                                                        : B::first_non_finite(y);
    }

    template <class Cluster, class B, class T>
        requires SketchVerbs<B, T>
    void confer(Cluster& cluster, shared_state<B, T>& shared, round_memory<B, T>& memory, update<B, T>& u) const {
        auto const d = memory.sketches[0].dimension();
        auto const k = entries(ratio, count, d, cluster.round());
        auto& found = memory.found;
        cluster.reduce(std::span(memory.sketches), memory.sketch);
        auto const heavy = [&](std::size_t n, context<B> at) {
            require_finite(cluster, view<B, T const>(memory.sketch.values));
            count_sketch::heavy_hitters(memory.sketch, shared.plan, n, found, *at.temporary);
        };
        if (candidates == 0) {
            cluster.broadcast(u.sparse, d, [&](context<B> at) {
                heavy(k, at);
                std::swap(u.sparse, found);
                finish(cluster, u.sparse);
            });
        } else {
            auto const n = k > d / candidates ? d : k * candidates;
            cluster.broadcast(memory.asked, d, [&](context<B> at) {
                heavy(n, at);
                memory.asked.reset(d, n);
                B::copy(found.indices, view<B, index_t>(memory.asked.entries.indices));
            });
            view<B, index_t const> const asked = memory.asked.indices();
            cluster.for_each([&](std::size_t i, context<B>) {
                auto& exact = memory.exact[i];
                exact.reset(d, asked.size(), true); // the coordinates are known to all
                B::copy(asked, view<B, index_t>(exact.indices));
                B::gather(cluster.vector(i), asked, view<B, T>(exact.values));
            });
            cluster.reduce(std::span(memory.exact), found);
            cluster.broadcast(u.sparse, d, [&](context<B> at) {
                require_finite(cluster, view<B, T const>(found.values));
                typename scratch<B>::scope const scope(*at.temporary);
                auto const places = at.temporary->template take<index_t>(k);
                u.sparse.reset(d, k);
                B::select_largest(view<B, T const>(found.values), k, places, view<B, T>(u.sparse.values),
                                  *at.temporary);
                B::gather(found.indices, places, view<B, index_t>(u.sparse.indices));
                finish(cluster, u.sparse);
            });
        }
        u.shape = update<B, T>::form::sparse;
        cluster.for_each([&](std::size_t i, context<B>) { u.sparse.clear_in(cluster.vector(i)); });
    }

private:
    template <class Cluster, class B, class T>
    void finish(Cluster const& cluster, sparse_message<B, T>& m) const {
        if (sum) B::scale(static_cast<T>(cluster.workers()), view<B, T>(m.values));
    }
    template <class Cluster, class B, class T>
    static void require_finite(Cluster const& cluster, view<B, T const> x) {
        if (cluster.checks() && B::first_non_finite(x) < x.size())
            throw overflow_error(
                "sketched_top_k: the sums are too large for the scalar type, or NaN; nothing was applied");
    }
};

} // namespace terse
