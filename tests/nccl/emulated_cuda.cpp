// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstdlib>
#include <cstring>

#include <cuda_runtime.h>

#include "emulated_rank.hpp"

using emulated_nccl::here;

cudaError_t cudaMemcpyAsync(void* to, void const* from, std::size_t n, cudaMemcpyKind, cudaStream_t) {
    here().copies.push_back([=] { std::memcpy(to, from, n); });
    return cudaSuccess;
}
cudaError_t cudaStreamQuery(cudaStream_t) {
    here().asked = !here().asked;
    if (here().stuck || here().asked) return cudaErrorNotReady;
    here().finish_copies();
    ++here().handed.waits;
    return cudaSuccess;
}
cudaError_t cudaHostAlloc(void** memory, std::size_t n, unsigned) {
    *memory = std::malloc(n);
    return *memory != nullptr ? cudaSuccess : cudaErrorMemoryAllocation;
}
cudaError_t cudaFreeHost(void* memory) {
    std::free(memory);
    return cudaSuccess;
}
cudaError_t cudaGetDevice(int* device) {
    *device = 0;
    return cudaSuccess;
}
cudaError_t cudaGetLastError() { return cudaSuccess; }
char const* cudaGetErrorName(cudaError_t) { return "cudaError"; }
char const* cudaGetErrorString(cudaError_t) { return "an error of CUDA's"; }
