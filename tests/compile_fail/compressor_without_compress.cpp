// expect: the compressor lacks a message type, compress(in, out, at), or what a message must do -
// docs/extending.md#compressor SPDX-License-Identifier: BSL-1.0 Copyright 2026 The terse authors
#include <vector>

#include <terse/terse.hpp>

struct mine {
    template <class B, class T>
    using message = terse::sparse_message<B, T>;

#ifndef TERSE_EXPECT_ERROR
    template <class B, class T>
    void compress(terse::input<B, T> in, terse::sparse_message<B, T>& out, terse::context<B>) const {
        out.reset(in.size(), 0);
    }
#endif
};

int main() {
    std::vector<float> w(10);
    auto sgd = terse::train(terse::compose(mine{}, terse::no_momentum{}, terse::standard_feedback{}), terse::solo{}, w);
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { g[0] = x[0]; });
}
