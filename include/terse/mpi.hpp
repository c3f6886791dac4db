// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

/// Runs on the ranks of an MPI program: include this and link terse::mpi. It brings what terse.hpp brings.
#include <terse/cluster/mpi.hpp>
#include <terse/terse.hpp>
