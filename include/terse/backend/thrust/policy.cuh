// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>

#include <thrust/execution_policy.h>

#include <terse/backend/scratch.hpp>
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <terse/backend/cuda/place.cuh>
#else
#include <terse/backend/thrust/host_place.cuh>
#endif

namespace terse {

/// Memory of a scratch as an allocator for Thrust's own temporaries. They are given back by the scratch's scope.
template <class B>
struct scratch_allocator {
    using value_type = char;

    scratch<B>* from;

    char* allocate(std::ptrdiff_t n) {
        return from->template take<char>(std::max<std::size_t>(1, static_cast<std::size_t>(n))).data();
    }
    void deallocate(char*, std::size_t) {}
};

/// Thrust's device policy, with temporary memory from a scratch.
template <class B>
auto device_policy(scratch<B>& temporary) {
    return device_policy_with(scratch_allocator<B>{&temporary});
}

} // namespace terse
