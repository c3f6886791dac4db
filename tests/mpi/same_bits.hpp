// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdio>

#include "mpi/world.hpp"

namespace world {

/// Compares with one process of 1, 2 and 3 threads (with several ranks, each rank tries another number) and prints the
/// hash.
template <class T, class Method>
void same_bits(char const* name, char const* compressor, Method const& method) {
    auto const here = trajectory<T>(method, terse::mpi::cluster{.workers = workers});
    for (unsigned const threads : {1u, 2u, 3u}) {
        if (size() > 1 && threads != 1 + static_cast<unsigned>(rank()) % 3) continue;
        auto const there = trajectory<T>(method, terse::simulated{.workers = workers, .threads = threads});
        BOOST_TEST((here == there), name << " with " << compressor << " on rank " << rank() << " of " << size()
                                         << " against " << threads << " threads");
    }
    if (rank() == 0)
        std::printf("%-20s %-18s %016llx\n", name, compressor, static_cast<unsigned long long>(here.value()));
}

} // namespace world
