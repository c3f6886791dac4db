// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include <boost/core/demangle.hpp>

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

/// What was started since it was last taken, by name: launches of kernels, and calls of verbs that are Thrust's.
class start_counts {
public:
    static void add(std::string const& name) {
        std::lock_guard const lock(mine().mutex_);
        ++mine().counts_[name];
    }
    static std::map<std::string, std::size_t> take() {
        std::lock_guard const lock(mine().mutex_);
        return std::exchange(mine().counts_, {});
    }

private:
    static start_counts& mine() {
        static start_counts counts;
        return counts;
    }

    std::mutex mutex_;
    std::map<std::string, std::size_t> counts_;
};

/// Starts kernels of verbs and counts launches, by the names of the kernels.
struct counting_launcher {
    launcher_of_verbs inner{};

    template <class K>
    void operator()(K const& kernel, std::size_t blocks) const {
        count_one<K>();
        inner(kernel, blocks);
    }
    template <class K>
    void operator()(std::span<K const> kernels, std::size_t blocks) const {
        count_one<K>();
        inner(kernels, blocks);
    }

    /// Launches of f().
    template <class F>
    static std::size_t count(F f) {
        start_counts::take();
        f();
        std::size_t all = 0;
        for (auto const& [name, times] : start_counts::take())
            if (name.starts_with("kernel ")) all += times;
        return all;
    }

private:
    template <class K>
    static void count_one() {
        auto const name = boost::core::demangle(typeid(K).name());
        auto const end = name.find('<'), begin = name.rfind(':', end) + 1;
        start_counts::add("kernel " + name.substr(begin, end - begin));
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
