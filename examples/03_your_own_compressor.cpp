// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// A compressor of your own: write it, try it, use it.
#include <iostream>
#include <vector>

#include <terse/terse.hpp>
#include <terse/testing/compressor_contract.hpp>

// [one_in]
/// Every n-th coordinate, beginning one later in each round; the same on all workers, so no indices travel.
struct one_in {
    std::size_t every = 100;

    template <class B, class T>
    using message = terse::sparse_message<B, T>;

    template <class B, class T>
    void compress(terse::input<B, T> in, terse::sparse_message<B, T>& out, terse::context<B> at) const {
        auto const first = at.round % every;
        out.reset(in.size(), first < in.size() ? (in.size() - first - 1) / every + 1 : 0, /*shared=*/true);
        B::sequence(first, every, terse::view<B, terse::index_t>(out.indices));
        B::gather(in, out.indices, terse::view<B, T>(out.values));
    }
};
// [one_in]

int main() {
    // [contract]
    auto const violations = terse::testing::check_compressor<float>(
        one_in{.every = 4},
        {.sends_entries = true, .same_support = true, .contraction = [](std::size_t) { return 1.0 / 4; }});
    for (auto const& violation : violations) std::cerr << violation << '\n';
    // [contract]
    if (!violations.empty()) return 1;

    // [use]
    auto const method = terse::compose(one_in{.every = 4}, terse::global_momentum{.beta = 0.9},
                                       terse::detached_feedback{.lambda = 0.5});
    std::vector<float> w(1000, 1.0F);
    auto sgd = terse::train(method, terse::simulated{.workers = 8}, w);
    for (int t = 0; t < 500; ++t)
        sgd.step(0.02, [](terse::worker_context, auto x, auto g) {
            for (std::size_t i = 0; i < x.size(); ++i) g[i] = x[i]; // the gradient of ||x||^2 / 2
        });
    // [use]

    double distance = 0;
    for (auto const x : w) distance += static_cast<double>(x) * static_cast<double>(x);
    std::cout << "||w||^2 fell from 1000 to " << distance << ", having sent " << 100 * sgd.traffic().rcc()
              << " % of what uncompressed momentum SGD sends\n";
    return distance < 1 ? 0 : 1;
}
