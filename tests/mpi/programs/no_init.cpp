// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// A cluster needs MPI to have been started, and not to have ended; a run may outlive it.
#include <cstdio>
#include <optional>
#include <vector>

#include <terse/mpi.hpp>

namespace {

bool refused() {
    try {
        terse::mpi::cluster{}.attach();
    } catch (terse::configuration_error const&) {
        return true;
    }
    std::puts("attached without MPI");
    return false;
}

} // namespace

int main() {
    if (!refused()) return 1;
    MPI_Init(nullptr, nullptr);
    int initialised = 0;
    MPI_Initialized(&initialised);
    std::vector<float> w(10);
    auto const session = terse::mpi::cluster{}.attach();
    MPI_Finalize();
    return refused() && initialised == 1 ? 0 : 1;
}
