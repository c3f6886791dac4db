// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <thrust/fill.h>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/thrust/policy.cuh>

namespace terse::kernel {

/// What kernels of one launch, kernel_of(vector, number) each, leave in numbers that are 0 at first, for one wait. A
/// block of them goes over so many coordinates.
template <Launcher Launch, class X, class Device, class F>
std::vector<std::uint64_t> count_each(Launch launch, std::span<X const> all, scratch<Device>& temporary,
                                      std::size_t size_of_block, F kernel_of) {
    typename scratch<Device>::scope const scope(temporary);
    auto* const numbers = temporary.template take<std::uint64_t>(all.size()).data();
    thrust::fill_n(device_policy(), numbers, all.size(), std::uint64_t{0});
    std::vector<decltype(kernel_of(all[0], numbers))> kernels;
    std::size_t longest = 0;
    for (auto const& x : all) {
        kernels.push_back(kernel_of(x, numbers + kernels.size()));
        longest = std::max(longest, x.size());
    }
    if (longest > 0) launch(std::span(std::as_const(kernels)), (longest + size_of_block - 1) / size_of_block);
    std::vector<std::uint64_t> each(all.size());
    copy_to_host(numbers, each.size(), each.data());
    return each;
}

} // namespace terse::kernel
