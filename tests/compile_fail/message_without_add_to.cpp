// expect: the compressor lacks a message type, compress(in, out, at), or what a message must do -
// docs/extending.md#compressor SPDX-License-Identifier: BSL-1.0 Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/terse.hpp>

template <class B, class T>
struct nothing {
    std::size_t size = 0;

    std::size_t dimension() const { return size; }
#ifndef TERSE_EXPECT_ERROR
    void add_to(T, terse::view<B, T>) const {}
#endif
    void clear_in(terse::view<B, T>) const {}
    std::uint64_t bytes() const { return 32; }
    double floats() const { return 0; }
};

struct mine {
    template <class B, class T>
    using message = nothing<B, T>;

    template <class B, class T>
    void compress(terse::input<B, T> in, nothing<B, T>& out, terse::context<B>) const {
        out.size = in.size();
    }
};

int main() {
    std::vector<float> w(10);
    auto sgd = terse::train(terse::compose(mine{}, terse::no_momentum{}, terse::standard_feedback{}), terse::solo{}, w);
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { g[0] = x[0]; });
}
