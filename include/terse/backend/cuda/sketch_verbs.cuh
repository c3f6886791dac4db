// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

#include <terse/backend/cuda/entry_verbs.cuh>
#include <terse/backend/cuda/sketch.cuh>
#include <terse/backend/cuda/sketch_estimates.cuh>
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
        auto const order = order_of<device>(plan, y.size()); // before y changes: it may throw
        if (!x.empty()) device::axpby(a, x, b, y);
        kernel::sketch_blocks<T>(Launch{}, view<device, T const>(y), plan, *order, table);
    }

    /// The n coordinates of largest estimates and these, in index order; y becomes the estimates of all. Of a table
    /// that is hashed by blocks, and has few rows, the estimates are made in the pass that selects.
    template <class T>
    static void select_from_sketch(input<device, T> table, sketch_plan const& plan, view<device, T> y, std::size_t n,
                                   view<device, index_t> indices, view<device, T> values, scratch<device>& temporary) {
        using estimates = kernel::sketch_estimates<T>;
        if (!estimates::fits(plan)) {
            terse::estimate_from_sketch<T>(table, plan, y);
            return entry_verbs<Launch, Device>::template select_largest<T>(y, n, indices, values, temporary);
        }
        typename scratch<device>::scope const scope(temporary);
        kernel::largest_of<T, device, estimates> one{estimates::of(table.data(), plan, y.data()), indices.part(0, n),
                                                     values.part(0, n), random_stream(0, purpose::sample)};
        kernel::select_largest(Launch{}, std::span(&one, 1), y.size(), temporary);
    }
};

} // namespace terse
