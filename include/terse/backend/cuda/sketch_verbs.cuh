// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <type_traits>

#include <terse/backend/cuda/sketch.cuh>
#include <terse/backend/thrust/sketch.cuh>

namespace terse {

/// Of kernel_verbs, those of sketches.
template <class Launch, class Device>
class sketch_verbs {
    using device = Device;

public:
    /// y <- b y + a x, and table = the sketch of y; x may be empty, for y as it is. That is two passes: made in the
    /// first row's, y would save reading it once, and wait for a fifth of the threads.
    template <class T>
    static void accumulate_sketch(std::type_identity_t<T> a, input<device, T> x, std::type_identity_t<T> b,
                                  view<device, T> y, sketch_plan const& plan, view<device, T> table) {
        if (plan.hashing == sketch_hashing::classic) return terse::accumulate_sketch<T>(a, x, b, y, plan, table);
        if (!x.empty()) device::axpby(a, x, b, y);
        kernel::sketch_blocks<T>(Launch{}, view<device, T const>(y), plan, table);
    }
};

} // namespace terse
