// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/extending.md#work
#include <terse/problem/toy.hpp>
#include <terse/terse.hpp>

#include <cstddef>
#include <vector>

// [policy]
/// Extragradient (Korpelevich 1976): the gradient of the place to which a step from x would lead.
struct extragradient {
    double ahead = 1; // in steps

    void validate(std::size_t) const {
        if (!(ahead >= 0)) throw terse::configuration_error("extragradient: ahead must not be negative");
    }

    template <class G, class B, class T>
    void contribute(G& gradient, terse::worker_context at, terse::view<B, T const> x, terse::view<B, T> g, double lr,
                    terse::scratch<B>& temporary) const {
        at.local_steps = 2;
        gradient(at, x, g);
        typename terse::scratch<B>::scope const scope(temporary); // gives the memory back at the end
        auto const y = temporary.template take<T>(x.size());
        B::combine(x, static_cast<T>(-ahead * lr), g, y);
        at.local_step = 1;
        gradient(at, terse::view<B, T const>(y), g);
    }
};
// [policy]

int main() {
    auto const toy = terse::toy_2();
    auto w = toy.start, same = toy.start;
    int calls = 0;
    // [use]
    auto method = terse::compose(terse::top_k{.ratio = 0.5}, terse::global_momentum{}, terse::standard_feedback{},
                                 terse::uncompressed{}, extragradient{.ahead = 1});
    auto run = terse::train(method, terse::simulated{.workers = 2}, w);
    // [use]
    auto reference = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 2}, same);
    for (int t = 0; t < 20; ++t) {
        run.step(0.05, [&](terse::worker_context at, auto x, auto g) {
            ++calls;
            toy.problem.gradient(at.worker, x, g);
        });
        reference.step(0.05, [&](terse::worker_context at, auto x, auto g) {
            std::vector<double> y(2);
            toy.problem.gradient(at.worker, x, g);
            for (std::size_t i = 0; i < 2; ++i) y[i] = x[i] - 0.05 * g[i];
            toy.problem.gradient(at.worker, y, g);
        });
    }
    return w == same && calls == 20 * 2 * 2 ? 0 : 1;
}
