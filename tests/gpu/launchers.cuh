// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <thrust/execution_policy.h>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <terse/backend/cuda/launch.cuh>
#else
#include <terse/backend/cuda/block.cuh>

#include "emulated_grid.hpp"
#endif

namespace terse_test {

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
using launcher_of_verbs = terse::cuda_launcher;
#else
/// Who starts kernels of verbs, every time in another order.
struct launcher_of_verbs {
    emulated_grid grid{next()};

    template <class K>
    void operator()(K const& kernel, std::size_t blocks) const {
        static_assert(terse::kernel::fits_a_launch<K>());
        grid(kernel, blocks);
    }
    template <class K>
    void operator()(std::span<K const> kernels, std::size_t blocks) const {
        static_assert(terse::kernel::fits_a_launch<K>());
        grid(kernels, blocks);
    }

private:
    static std::uint64_t next() {
        static std::uint64_t seed = 0;
        return ++seed;
    }
};
#endif

/// The same, and counts how often: what a device is asked for.
struct counting_launcher {
    launcher_of_verbs inner{};

    template <class K>
    void operator()(K const& kernel, std::size_t blocks) const {
        ++launches();
        inner(kernel, blocks);
    }
    template <class K>
    void operator()(std::span<K const> kernels, std::size_t blocks) const {
        ++launches();
        inner(kernels, blocks);
    }

    static std::size_t& launches() {
        static std::size_t count = 0;
        return count;
    }
    /// Of f().
    template <class F>
    static std::size_t count(F f) {
        auto const before = launches();
        f();
        return launches() - before;
    }
};

/// Those who can start kernels in this test: a device, or several emulations of one, each with an order of its own.
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
inline std::vector<terse::cuda_launcher> launchers(int) { return {terse::cuda_launcher{}}; }
#else
inline std::vector<emulated_grid> launchers(int n) {
    std::vector<emulated_grid> all;
    for (int seed = 0; seed < n; ++seed) all.emplace_back(static_cast<std::uint64_t>(seed));
    return all;
}
#endif

} // namespace terse_test
