// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/extending.md#work
#include <terse/problem/toy.hpp>
#include <terse/terse.hpp>

#include <cstdint>

// [policy]
/// The mean of `count` gradients at the same point: a large batch in pieces that fit into memory.
struct accumulated {
    std::uint32_t count = 1;

    void validate(std::size_t) const {
        if (count == 0) throw terse::configuration_error("accumulated: count must be at least 1");
    }

    template <class G, class B, class T>
    void contribute(G& gradient, terse::worker_context at, terse::view<B, T const> x, terse::view<B, T> g, double,
                    terse::scratch<B>& temporary) const {
        gradient(at, x, g);
        typename terse::scratch<B>::scope const scope(temporary); // gives the memory back at the end
        auto const piece = temporary.template take<T>(x.size());
        for (at.local_step = 1; at.local_step < count; ++at.local_step) {
            gradient(at, x, piece);
            B::axpy(T(1), piece, g);
        }
        B::scale(T(1) / static_cast<T>(count), g);
    }
};
// [policy]

int main() {
    auto const toy = terse::toy_2();
    auto w = toy.start, same = toy.start;
    int calls = 0;
    // [use]
    auto method = terse::compose(terse::top_k{.ratio = 0.5}, terse::global_momentum{}, terse::standard_feedback{},
                                 terse::uncompressed{}, accumulated{.count = 4});
    auto run = terse::train(method, terse::simulated{.workers = 2}, w);
    // [use]
    auto reference = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 2}, same);
    for (int t = 0; t < 20; ++t) {
        run.step(0.05, [&](terse::worker_context at, auto x, auto g) {
            ++calls;
            toy.problem.gradient(at.worker, x, g);
        });
        reference.step(0.05, [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); });
    }
    return w == same && calls == 20 * 2 * 4 ? 0 : 1; // the mean of four equal gradients has the same bits
}
