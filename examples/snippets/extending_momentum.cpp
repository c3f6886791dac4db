// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/extending.md#momentum
#include <terse/problem/toy.hpp>
#include <terse/terse.hpp>

#include <cmath>
#include <cstdint>

// [policy]
/// Quasi-hyperbolic momentum on each worker: m <- beta m + (1 - beta) g, and (1 - nu) g + nu m is compressed.
struct quasi_hyperbolic {
    terse::schedule beta = 0.9;
    double nu = 0.7;

    template <class B, class T>
    struct worker_state {
        terse::buffer<B, T> m;
        void reset(std::size_t d) { m.assign(d, T(0)); }
        template <class A>
        void state(A& archive) { // what a saved run contains
            archive("quasi-hyperbolic momentum", m);
        }
    };
    template <class B, class T>
    using shared_state = terse::stateless;

    void validate(std::size_t) const {
        if (!(nu >= 0 && nu <= 1)) throw terse::configuration_error("quasi_hyperbolic: nu must lie in [0, 1]");
    }

    template <class B, class T>
    terse::view<B, T const> inject(worker_state<B, T>& own, terse::stateless const&, terse::view<B, T> g,
                                   terse::round_scales, std::uint64_t round) const {
        auto const b = static_cast<T>(beta(round));
        terse::view<B, T> const m = own.m;
        B::axpby(1 - b, g, b, m);                                   // m = beta m + (1 - beta) g
        B::axpby(static_cast<T>(nu), m, static_cast<T>(1 - nu), g); // g = (1 - nu) g + nu m
        return g;
    }
    template <class B, class T, class M>
    void forget(worker_state<B, T>&, M const&) const {}
    template <class B, class T>
    void serve(terse::stateless&, terse::update<B, T>&, terse::round_scales, std::uint64_t) const {}
    template <class B, class T>
    void absorb(terse::stateless&, terse::update<B, T>&) const {}
};
// [policy]

int main() {
    auto const toy = terse::toy_2();
    auto w = toy.start;
    // [use]
    auto method = terse::compose(terse::top_k{.ratio = 0.5}, quasi_hyperbolic{.nu = 0.5}, terse::standard_feedback{});
    auto run = terse::train(method, terse::simulated{.workers = 2}, w);
    // [use]
    for (int t = 0; t < 200; ++t)
        run.step(0.05, [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); });
    bool const closer = std::hypot(w[0], w[1]) < std::hypot(toy.start[0], toy.start[1]);
    return closer ? 0 : 1;
}
