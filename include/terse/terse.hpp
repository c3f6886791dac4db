// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

/// Everything for the host: include this. MPI and GPUs have doors of their own; the objectives and readers of the
/// experiments, and cluster/spectral_gap.hpp, which bring Eigen's solvers, are included one by one (from problem/ and
/// data/), and what tests need from testing/.
#include <terse/any_backend.hpp>
#include <terse/backend/cpu.hpp>
#include <terse/cluster/simulated_clock.hpp>
#include <terse/cluster/unreliable.hpp>
#include <terse/loop/asynchronous.hpp>
#include <terse/run/checkpoint.hpp>
#include <terse/run/number_text.hpp>
#include <terse/run/progress.hpp>
#include <terse/run/record.hpp>
#include <terse/run/schedule_text.hpp>
#include <terse/wire/codec.hpp>
