// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// A compressor from outside of the library, and the one line that measures it.
#include <terse/terse.hpp>
#include <terse/testing/benchmark.hpp>

namespace {

// Every n-th coordinate.
struct one_in {
    std::size_t every = 100;

    template <class B, class T>
    using message = terse::sparse_message<B, T>;

    template <class B, class T>
    void compress(terse::input<B, T> in, terse::sparse_message<B, T>& out, terse::context<B>) const {
        out.reset(in.size(), (in.size() - 1) / every + 1, /*shared=*/true);
        B::sequence(0, every, terse::view<B, terse::index_t>(out.indices));
        B::gather(in, out.indices, terse::view<B, T>(out.values));
    }
};

// [line]
TERSE_BENCHMARK_COMPRESSOR(one_in{.every = 100});
// [line]

} // namespace
