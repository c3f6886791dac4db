// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>

#include <terse/gpu.cuh>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <cuda_runtime_api.h>
#else
#include <unistd.h>
#endif

/// What runs: a CUDA device and its clock, or this machine, whose system Thrust has taken.
namespace bench {

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA

inline void check(cudaError_t result, char const* call) {
    if (result != cudaSuccess) throw std::runtime_error(call + std::string(": ") + cudaGetErrorString(result));
}

/// Empty if there is a device, otherwise the reason.
inline std::string no_device() {
    int count = 0;
    auto const result = cudaGetDeviceCount(&count);
    if (result != cudaSuccess) return cudaGetErrorString(result);
    return count == 0 ? "there is none" : "";
}
inline std::string device_name() {
    cudaDeviceProp properties{};
    check(cudaGetDeviceProperties(&properties, 0), "cudaGetDeviceProperties");
    return properties.name;
}
inline std::size_t free_memory() {
    std::size_t available = 0, total = 0;
    check(cudaMemGetInfo(&available, &total), "cudaMemGetInfo");
    return available;
}

/// Seconds between two marks on the default stream.
class stopwatch {
public:
    stopwatch() {
        check(cudaEventCreate(&from_), "cudaEventCreate");
        check(cudaEventCreate(&to_), "cudaEventCreate");
    }
    stopwatch(stopwatch const&) = delete;
    stopwatch& operator=(stopwatch const&) = delete;
    ~stopwatch() { cudaEventDestroy(from_), cudaEventDestroy(to_); }

    void start() { check(cudaEventRecord(from_), "cudaEventRecord"); }
    double stop() {
        check(cudaEventRecord(to_), "cudaEventRecord");
        check(cudaEventSynchronize(to_), "cudaEventSynchronize");
        float milliseconds = 0;
        check(cudaEventElapsedTime(&milliseconds, from_, to_), "cudaEventElapsedTime");
        return double{milliseconds} / 1000;
    }

private:
    cudaEvent_t from_{}, to_{};
};

#else

inline std::string no_device() { return ""; }
inline std::string device_name() { return "this machine"; }
inline std::size_t free_memory() {
    return static_cast<std::size_t>(sysconf(_SC_AVPHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

class stopwatch {
public:
    void start() { from_ = std::chrono::steady_clock::now(); }
    double stop() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - from_).count(); }

private:
    std::chrono::steady_clock::time_point from_;
};

#endif

} // namespace bench
