// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// MPI lives as long as the tests.
#include "mpi/world.hpp"

namespace {

struct mpi_program {
    mpi_program() {
        int level = 0;
        MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level);
    }
    ~mpi_program() { MPI_Finalize(); }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(mpi_program);
