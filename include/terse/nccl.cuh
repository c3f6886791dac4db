// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

/// Runs on several NVIDIA GPUs, one for each rank, which exchange messages by NCCL: include this and link terse::nccl.
/// It brings what gpu.cuh brings.
#include <terse/cluster/nccl.cuh>
#include <terse/gpu.cuh>
