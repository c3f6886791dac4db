// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <terse/nccl.cuh>

#include "emulated_nccl.hpp"
#include "gpu/device.cuh"
#include "gpu/methods.hpp"

namespace terse_test {

/// Whose workers have so many parameters, so that runs of every method take seconds.
inline constexpr std::size_t few = 601;
inline constexpr int rounds = 4;

/// Whether f(add), which calls add(name, method) for some methods, makes on `ranks` ranks what it makes in a simulated
/// cluster: every iterate, the account, the corrected model or the mean.
template <class T, class F>
void check_same_on_ranks(int ranks, F f) {
    auto const outcomes = [&](auto const& cluster) {
        std::vector<outcome> all;
        f([&](std::string const& name, auto const& method) {
            all.push_back(make_outcome(name, trajectory<terse::thrust_device, T>(method, few, rounds, cluster)));
        });
        return all;
    };
    auto const simulated = outcomes(terse::simulated{.workers = static_cast<std::uint32_t>(ranks)});
    std::vector<std::vector<outcome>> by_rank(static_cast<std::size_t>(ranks));
    auto const thrown = emulated_nccl::on_ranks(ranks, [&](int rank, ncclComm_t comm) {
        by_rank[static_cast<std::size_t>(rank)] = outcomes(terse::nccl::cluster{.comm = comm});
    });
    for (std::size_t r = 0; r < by_rank.size(); ++r) {
        BOOST_TEST_CONTEXT("rank " << r << " of " << ranks) {
            if (thrown[r]) std::rethrow_exception(thrown[r]);
            check_same(by_rank[r], simulated);
        }
    }
}

} // namespace terse_test
