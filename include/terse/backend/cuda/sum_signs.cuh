// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cuda/sum_of_terms.cuh>

namespace terse {

template <class B, class T>
struct signed_by;

} // namespace terse

namespace terse::kernel {

/// +-a by its bits. Those of a pack are in one word.
template <class T>
struct sign_term {
    using common_type = nothing_in_common;
    static_assert(64 % pack<T>::size == 0);

    T a;
    std::uint64_t const* bits;

    __device__ void add_to(pack<T>& sum, std::size_t i, unsigned, common_type::place) const {
        auto const here = bits[i / 64] >> i % 64;
        for (unsigned j = 0; j < pack<T>::size; ++j) sum.x[j] += (here >> j & 1) != 0 ? a : -a;
    }
};

/// y = c (the sum of the terms, in their order, from 0).
template <class T, class Device, Launcher Launch>
void sum_signs(Launch launch, std::span<signed_by<Device, T> const> terms, T c, view<Device, T> y) {
    auto const term = [&](std::size_t k) { return sign_term<T>{terms[k].a, terms[k].bits.data()}; };
    sum_terms<sign_term<T>>(launch, terms.size(), {}, term, true, c, y);
}

} // namespace terse::kernel
