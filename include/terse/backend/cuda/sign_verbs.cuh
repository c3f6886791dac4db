// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <span>
#include <type_traits>

#include <thrust/transform.h>

#include <terse/backend/buffer.hpp>
#include <terse/backend/cuda/signs.cuh>
#include <terse/backend/cuda/sum_signs.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/thrust/element.cuh>
#include <terse/backend/thrust/policy.cuh>

namespace terse {

/// Of kernel_verbs, those of signs.
template <class Launch, class Device>
class sign_verbs {
    using device = Device;

public:
    template <class T>
    static double pack_signs(view<device, T> x, view<device, std::uint64_t> words) {
        using number = std::remove_const_t<T>;
        buffer<device, double> sums(kernel::blocks_of_signs(x.size()));
        return kernel::take_signs<number>(Launch{}, kernel::unchanged<number>{x.data()}, x.size(), words,
                                          view<device, double>(sums));
    }
    template <class T>
    static double accumulate_signs(std::type_identity_t<T> a, input<device, T> x, std::type_identity_t<T> scale,
                                   std::type_identity_t<T> b, view<device, T> e, view<device, std::uint64_t> words,
                                   scratch<device>& temporary) {
        typename scratch<device>::scope const scope(temporary);
        auto const sums = temporary.template take<double>(kernel::blocks_of_signs(e.size()));
        auto const take = [&](auto const& source) {
            return kernel::take_signs<T>(Launch{}, source, e.size(), words, sums);
        };
        if (scale == T(0)) return take(kernel::accumulated<T>{a, x.data(), b, e.data()});
        return take(kernel::resumed<T>{a, x.data(), scale, b, e.data()});
    }
    template <class T>
    static void sum_signs(std::span<signed_by<device, T> const> terms, std::type_identity_t<T> a, view<device, T> y) {
        kernel::sum_signs<T>(Launch{}, terms, a, y);
    }
    template <class T>
    static void subtract_signs(std::type_identity_t<T> scale, view<device, T> e) {
        thrust::transform(device_policy(), e.data(), e.data() + e.size(), e.data(),
                          element::less_scaled_sign<T>{scale});
    }
};

} // namespace terse
