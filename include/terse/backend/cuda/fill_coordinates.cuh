// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/coordinates_of.hpp>
#include <terse/backend/cuda/block.cuh>

namespace terse::kernel {

/// y_{i_j} = a
template <class T>
struct fill_coordinates {
    static constexpr unsigned threads = 256;
    struct shared {};

    index_t const* indices;
    std::size_t n;
    T a;
    T* y;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const j = b.index() * threads + b.thread();
        if (j < n) y[indices[j]] = a;
    }
};

/// Sets coordinates of several vectors to a, in as few launches as their arguments allow. Nobody waits for the device.
template <class T, class Device, Launcher Launch>
void fill_coordinates_of_each(Launch launch, std::span<coordinates_of<Device, T> const> all, T a) {
    std::vector<fill_coordinates<T>> kernels;
    std::size_t most = 0;
    for (auto const& c : all) {
        kernels.push_back({c.indices.data(), c.indices.size(), a, c.y.data()});
        most = std::max(most, c.indices.size());
    }
    constexpr auto threads = fill_coordinates<T>::threads;
    if (most > 0) launch(std::span(std::as_const(kernels)), (most + threads - 1) / threads);
}

} // namespace terse::kernel
