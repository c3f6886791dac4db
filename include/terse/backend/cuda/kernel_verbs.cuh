// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/cuda/each_verbs.cuh>
#include <terse/backend/cuda/entry_verbs.cuh>
#include <terse/backend/cuda/level_verbs.cuh>
#include <terse/backend/cuda/sign_verbs.cuh>
#include <terse/backend/cuda/sketch_verbs.cuh>
#include <terse/backend/cuda/vector_verbs.cuh>

namespace terse {

struct thrust_device;

/// Verbs of thrust_device in hand-written kernels, which Launch starts. Those that return a number wait for the device.
template <class Launch, class Device = thrust_device>
struct kernel_verbs : vector_verbs<Launch, Device>,
                      each_verbs<Launch, Device>,
                      entry_verbs<Launch, Device>,
                      sign_verbs<Launch, Device>,
                      level_verbs<Launch, Device>,
                      sketch_verbs<Launch, Device> {};

} // namespace terse
