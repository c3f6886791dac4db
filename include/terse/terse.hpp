// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

/// Everything for the host: include this. MPI and GPUs have doors of their own.
#include <terse/any_backend.hpp>
#include <terse/backend/cpu.hpp>
