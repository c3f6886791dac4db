// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// A communicator of one rank, which is all that a machine with one GPU can have: what no emulation shows is that NCCL
// and CUDA take these calls.
#include <string>

#include <terse/nccl.cuh>
#include <terse/run/checkpoint.hpp>

#include "gpu/device.cuh"
#include "gpu/methods.hpp"

BOOST_AUTO_TEST_SUITE(one_rank)

using namespace terse;
using namespace terse_test;

namespace {

template <class Method>
void check(std::string const& name, Method const& method, nccl::exchange way = nccl::exchange::collective) {
    auto const alone = trajectory<thrust_device, float>(method, 3001, 5, simulated{.workers = 1});
    nccl::connection const ranks(nccl::make_id(), 1, 0);
    nccl::cluster const cluster{.comm = ranks.comm(), .exchange = way};
    BOOST_TEST((trajectory<thrust_device, float>(method, 3001, 5, cluster) == alone), name);
}

} // namespace

BOOST_AUTO_TEST_CASE(is_the_simulated_worker) {
    check("gmc", gmc({.ratio = 0.1}));
    check("gmc, 16 bits", gmc(half_values<top_k>{.inner = {.ratio = 0.1}}));
    check("gmc, bf16", gmc(half_values<top_k>{.inner = {.ratio = 0.1}, .to = wire::precision::bf16}));
    check("sign_sgd", sign_sgd());
    check("qsgd_sgd", qsgd_sgd());
    check("blocks", gmc(blockwise<top_k>{.inner = {.ratio = 0.1}, .size = 50}));
    check("power_sgd", power_sgd_momentum(oracle::some_matrices(3001)));
    check("dmsgd, summed", dmsgd(), nccl::exchange::all_reduce);
    check("power_sgd, summed", power_sgd_momentum(oracle::some_matrices(3001)), nccl::exchange::all_reduce);
    check("local_sgd", local_sgd({.period = 2}));
}

BOOST_AUTO_TEST_CASE(saves_and_loads) {
    auto const gradient = quadratics{40}.gradient<thrust_device, float>(1);
    auto w = upload<thrust_device>(std::vector<float>(40, 1.0f));
    nccl::connection const ranks(nccl::make_id(), 1, 0);
    auto run = train(gmc({.ratio = 0.1}), nccl::cluster{.comm = ranks.comm()}, view<thrust_device, float>(w));
    run.step(0.1, gradient);
    auto const bytes = save_state(run, "");
    run.step(0.1, gradient);
    auto const after = download(run.w());
    load_state(run, bytes, "");
    run.step(0.1, gradient);
    BOOST_TEST(download(run.w()) == after);
}

BOOST_AUTO_TEST_SUITE_END()
