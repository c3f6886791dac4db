// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <terse/cluster/mpi.hpp>

int main() { return terse::mpi::cluster{}.workers_per_rank == 1 ? 0 : 1; }
