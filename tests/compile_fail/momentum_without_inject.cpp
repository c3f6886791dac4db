// expect: the momentum lacks a state type or one of inject, forget, serve, absorb - docs/extending.md#momentum
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstdint>
#include <vector>

#include <terse/terse.hpp>

struct mine {
    template <class B, class T>
    using worker_state = terse::stateless;
    template <class B, class T>
    using shared_state = terse::stateless;

#ifndef TERSE_EXPECT_ERROR
    template <class B, class T>
    terse::view<B, T const> inject(terse::stateless&, terse::stateless const&, terse::view<B, T> g, terse::round_scales,
                                   std::uint64_t) const {
        return g;
    }
#endif
    template <class M>
    void forget(terse::stateless&, M const&) const {}
    template <class B, class T>
    void serve(terse::stateless&, terse::update<B, T>&, terse::round_scales, std::uint64_t) const {}
    template <class B, class T>
    void absorb(terse::stateless&, terse::update<B, T>&) const {}
};

int main() {
    std::vector<float> w(10);
    auto sgd = terse::train(terse::compose(terse::top_k{}, mine{}, terse::standard_feedback{}), terse::solo{}, w);
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { g[0] = x[0]; });
}
