// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "measure.cuh"

namespace bench {

using terse::view;

namespace {

/// A compressor without a take of its own: accumulate, look for NaN, compress, subtract, each by Thrust.
template <class C>
struct generic {
    C inner{};

    template <class B, class T>
    using message = terse::message_of<C, B, T>;

    template <class B, class T, class M>
    void compress(view<B, T> in, M& out, terse::context<B> at) const {
        inner.compress(in, out, at);
    }
};

template <class C>
void measure_take(bench& b, std::string const& name, C const& compressor) {
    if (!b.wanted(name)) return;
    auto const d = b.dimension();
    auto const g = made(d, 1);
    auto e = made(d, 2);
    terse::scratch<device> temporary;
    terse::message_of<C, device, float> out;
    terse::context<device> at;
    at.temporary = &temporary;
    // Half of the residual goes, so that it does not grow from repeat to repeat.
    b(name, 12 * static_cast<double>(d), [&] {
        terse::take<device, float>(compressor, 1, g, 0.5f, view<device, float>(e), out, at);
        ++at.round;
    });
}

} // namespace

void measure_takes(bench& b) {
    for (auto const& [share, ratio] : {std::pair("0.1%", 0.001), std::pair("1%", 0.01), std::pair("10%", 0.1)}) {
        measure_take(b, std::string("take top_k ") + share, terse::top_k{.ratio = ratio});
        measure_take(b, std::string("take top_k, generic ") + share, generic<terse::top_k>{{.ratio = ratio}});
    }
    measure_take(b, "take identity", terse::identity{});
    measure_take(b, "take sampled_top_k 1%", terse::sampled_top_k{.ratio = 0.01});
    measure_take(b, "take threshold", terse::threshold{.at_least = 1.5});
    measure_take(b, "take random_k 1%", terse::random_k{.ratio = 0.01});
    measure_take(b, "take random_block 1%", terse::random_block{.ratio = 0.01});
    measure_take(b, "take scaled_sign", terse::scaled_sign{});
    measure_take(b, "take qsgd", terse::qsgd{});
    measure_take(b, "take terngrad", terse::terngrad{});
    measure_take(b, "take natural", terse::natural{});
    measure_take(b, "take half top_k 1%", terse::half_values<terse::top_k>{.inner = {.ratio = 0.01}});
}

} // namespace bench
