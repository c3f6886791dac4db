// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <source_location>
#include <string>

#include <cuda_runtime.h>

#include <terse/error.hpp>

namespace terse {

/// A call of the CUDA runtime that failed: which, why, and where it was made.
struct cuda_error : error {
    cudaError_t code;
    std::source_location where;

    cuda_error(char const* call, cudaError_t failure, std::source_location at)
        : error(std::string(at.file_name()) + ":" + std::to_string(at.line()) + ": " + call + ": " +
                cudaGetErrorName(failure) + ", " + cudaGetErrorString(failure)),
          code(failure), where(at) {}
};

/// Throws cuda_error unless all is well.
inline void check_cuda(cudaError_t result, char const* call,
                       std::source_location at = std::source_location::current()) {
    if (result == cudaSuccess) return;
    cudaGetLastError(); // it has been told; the next call is not to tell it again
    throw cuda_error(call, result, at);
}

} // namespace terse
