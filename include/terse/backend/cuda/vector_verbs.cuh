// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <thrust/fill.h>

#include <terse/backend/cuda/accumulate.cuh>
#include <terse/backend/cuda/later.cuh>
#include <terse/backend/cuda/sum_vectors.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>

namespace terse {

/// Of kernel_verbs, those on plain vectors.
template <class Launch, class Device>
class vector_verbs {
    using device = Device;

public:
    /// axpby, then first_non_finite of y, in one pass over memory if there is room for a bit.
    template <class T>
    static first_bad_later<device, T> accumulate(std::type_identity_t<T> a, input<device, T> x,
                                                 std::type_identity_t<T> b, view<device, T> y,
                                                 scratch<device>* temporary = nullptr) {
        if (y.empty()) return {y, nullptr};
        if (temporary == nullptr) {
            device::axpby(a, x, b, y);
            return {y, nullptr};
        }
        typename scratch<device>::scope const scope(*temporary);
        using source = kernel::accumulated<T>;
        auto* const bad = temporary->template take<std::uint64_t>(1).data();
        thrust::fill_n(device_policy(), bad, 1, std::uint64_t{0});
        Launch{}(kernel::accumulate<T, source>{{a, x.data(), b, y.data()}, y.size(), bad},
                 kernel::tile<T>::count(y.size()));
        return {y, bad};
    }

    /// y = a times the sum of the vectors, in their order.
    template <class T>
    static void sum_vectors(std::span<view<device, T const> const> terms, std::type_identity_t<T> a,
                            view<device, T> y) {
        kernel::sum_vectors<T>(Launch{}, terms, a, y);
    }
};

} // namespace terse
