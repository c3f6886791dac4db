// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// libtorch's topk, where there is libtorch.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <tuple>

#include "peer.hpp"

#if defined(TERSE_BENCH_TORCH)

#include <torch/torch.h>

namespace {

using message = terse::sparse_message<terse::cpu, float>;

struct torch_topk {
    void operator()(terse::view<terse::cpu, float> e, terse::view<terse::cpu, float const> g, message& out) {
        torch::InferenceMode const no_gradients;
        torch::set_num_threads(1);
        auto const n = static_cast<std::int64_t>(e.size());
        auto residual = torch::from_blob(e.data(), {n});
        residual.add_(torch::from_blob(const_cast<float*>(g.data()), {n}));
        auto const k = static_cast<std::int64_t>(out.indices.size());
        auto const found = std::get<1>(torch::topk(residual.abs(), k, 0, true, false));
        auto const indices = std::get<0>(torch::sort(found));
        auto const values = residual.index({indices});
        residual.index_fill_(0, indices, 0);
        std::copy_n(indices.data_ptr<std::int64_t>(), k, out.indices.data());
        std::copy_n(values.data_ptr<float>(), k, out.values.data());
    }
};

terse::testing::benchmarks const topk([] {
    using terse::testing::options;
    for (auto const d : options().sizes({1'000'000}, {100'000, 1'000'000, 25'000'000}))
        for (auto const density : {0.001, 0.01, 0.1})
            if (!options().instructions) peers::add_peer("libtorch's topk", d, density, torch_topk{});
});

} // namespace

#else

namespace {
terse::testing::benchmarks const topk([] {
    std::fputs("without libtorch's topk: it was not found (Debian: libtorch-dev)\n", stderr);
});
} // namespace

#endif
