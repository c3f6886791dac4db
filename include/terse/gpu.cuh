// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

/// Runs on Thrust vectors and NVIDIA GPUs: include this with nvcc, or with any compiler and Thrust's host systems. It
/// does not need Eigen, and can be included beside terse.hpp.
#include <terse/any_backend.hpp>
#include <terse/backend/thrust.cuh>
