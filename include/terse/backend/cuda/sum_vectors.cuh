// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>

#include <terse/backend/cuda/sum_of_terms.cuh>

namespace terse::kernel {

/// A vector.
template <class T>
struct vector_term {
    using common_type = nothing_in_common;

    T const* x;
    bool aligned;

    __device__ void add_to(pack<T>& sum, std::size_t i, unsigned n, common_type::place) const {
        if (n == pack<T>::size) {
            auto const here = pack<T>::read(x + i, aligned);
            for (unsigned j = 0; j < pack<T>::size; ++j) sum.x[j] += here.x[j];
        } else {
            for (unsigned j = 0; j < n; ++j) sum.x[j] += x[i + j];
        }
    }
};

/// y = c (the sum of the vectors, in their order, from 0 or from y).
template <class T, class Device, Launcher Launch>
void sum_vectors(Launch launch, std::span<view<Device, T const> const> terms, T c, view<Device, T> y,
                 bool from_zero = true) {
    auto const term = [&](std::size_t k) {
        return vector_term<T>{terms[k].data(), aligned_for_packs(terms[k].data())};
    };
    sum_terms<vector_term<T>>(launch, terms.size(), {}, term, from_zero, c, y);
}

} // namespace terse::kernel
