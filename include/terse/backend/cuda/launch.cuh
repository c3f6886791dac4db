// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <source_location>
#include <span>
#include <string>

#include <cuda_runtime.h>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/cuda/cuda_error.cuh>
#include <terse/backend/cuda/place.cuh>

namespace terse {

/// The block of a kernel that runs on a device, see kernel::ThreadBlock.
class device_block {
public:
    __device__ explicit device_block(void* shared) : shared_(shared) {}

    __device__ std::size_t index() const { return blockIdx.x; }
    __device__ std::size_t blocks() const { return gridDim.x; }
    __device__ unsigned thread() const { return threadIdx.x; }
    template <class S>
    __device__ S& shared() {
        return *static_cast<S*>(shared_);
    }

    __device__ void sync() { __syncthreads(); }
    __device__ std::uint32_t ballot(bool p) { return __ballot_sync(all_lanes, p); }
    __device__ std::uint32_t shuffle(std::uint32_t x, unsigned lane) {
        return __shfl_sync(all_lanes, x, static_cast<int>(lane));
    }
    __device__ std::uint64_t shuffle(std::uint64_t x, unsigned lane) {
        return __shfl_sync(all_lanes, x, static_cast<int>(lane));
    }

    __device__ std::uint32_t add(std::uint32_t* to, std::uint32_t x) { return atomicAdd(to, x); }
    __device__ std::uint64_t add(std::uint64_t* to, std::uint64_t x) {
        return atomicAdd(reinterpret_cast<unsigned long long*>(to), static_cast<unsigned long long>(x));
    }
    __device__ std::uint32_t set_bits(std::uint32_t* to, std::uint32_t bits) { return atomicOr(to, bits); }
    __device__ std::uint64_t set_bits(std::uint64_t* to, std::uint64_t bits) {
        return atomicOr(reinterpret_cast<unsigned long long*>(to), static_cast<unsigned long long>(bits));
    }
    __device__ std::uint64_t lower(std::uint64_t* to, std::uint64_t x) {
        return atomicMin(reinterpret_cast<unsigned long long*>(to), static_cast<unsigned long long>(x));
    }
    __device__ void fence() { __threadfence(); }

private:
    static constexpr unsigned all_lanes = 0xffffffffu;

    void* shared_;
};
static_assert(kernel::ThreadBlock<device_block>);

namespace detail {

template <class K>
__global__ void __launch_bounds__(K::threads) run_kernel(K const kernel) {
    __shared__ __align__(alignof(typename K::shared)) unsigned char memory[sizeof(typename K::shared)];
    device_block b(memory);
    kernel(b);
}

/// Kernels that are started as one; their arguments are those of a launch, which has room for 4 KB. A kernel that is
/// larger has one launch to itself.
template <class K>
struct kernels_of_launch {
    static constexpr std::size_t most = sizeof(K) < 2048 ? 4096 / sizeof(K) : 1;

    K kernel[most];
};
template <class K>
__global__ void __launch_bounds__(K::threads) run_kernels(kernels_of_launch<K> const __grid_constant__ all) {
    __shared__ __align__(alignof(typename K::shared)) unsigned char memory[sizeof(typename K::shared)];
    device_block b(memory);
    all.kernel[blockIdx.y](b);
}

} // namespace detail

/// Starts kernels on a stream. Throws cuda_error if a start fails; what goes wrong in a kernel, a later call tells.
struct cuda_launcher {
    cudaStream_t stream = device_place::current().stream;

    template <class K>
    void operator()(K const& kernel, std::size_t blocks,
                    std::source_location at = std::source_location::current()) const {
        detail::run_kernel<K><<<grid<K>(blocks), K::threads, 0, stream>>>(kernel);
        check_cuda(cudaGetLastError(), "kernel<<<>>>", at);
    }
    template <class K>
    void operator()(std::span<K const> kernels, std::size_t blocks,
                    std::source_location at = std::source_location::current()) const {
        if (kernels.size() == 1) return (*this)(kernels.front(), blocks, at);
        using some = detail::kernels_of_launch<K>;
        for (std::size_t first = 0; first < kernels.size(); first += some::most) {
            auto const n = std::min(some::most, kernels.size() - first);
            some now;
            std::copy_n(kernels.data() + first, n, now.kernel);
            detail::run_kernels<K><<<dim3(grid<K>(blocks), static_cast<unsigned>(n)), K::threads, 0, stream>>>(now);
            check_cuda(cudaGetLastError(), "kernel<<<>>>", at);
        }
    }

private:
    template <class K>
    static unsigned grid(std::size_t blocks) {
        static_assert(kernel::fits_a_launch<K>());
        if (blocks > static_cast<std::size_t>(std::numeric_limits<int>::max()))
            throw dimension_error("a kernel of " + std::to_string(blocks) + " blocks: the vector is too long");
        return static_cast<unsigned>(blocks);
    }
};

} // namespace terse
