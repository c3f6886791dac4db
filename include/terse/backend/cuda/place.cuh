// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <cuda_runtime.h>
#include <thrust/system/cuda/execution_policy.h>

#include <terse/backend/cuda/cuda_error.cuh>
#include <terse/backend/place.hpp>

namespace terse {

/// Where memory on a device comes from: derive from it for a pool of your own, of a framework say. What is released on
/// a stream may be used until then by work on that stream.
struct device_memory {
    device_memory() = default;
    device_memory(device_memory const&) = delete;
    device_memory& operator=(device_memory const&) = delete;
    virtual ~device_memory() = default;
    virtual void* allocate(std::size_t bytes, cudaStream_t stream) = 0; ///< aligned to 256 bytes; throws on failure
    virtual void release(void* memory, std::size_t bytes, cudaStream_t stream) noexcept = 0;
};

/// A pool of CUDA's on the current device, in the order of the stream. It keeps what is released for the next time.
class stream_ordered_memory : public device_memory {
public:
    stream_ordered_memory() {
        cudaMemPoolProps of_device{};
        of_device.allocType = cudaMemAllocationTypePinned;
        of_device.location.type = cudaMemLocationTypeDevice;
        check_cuda(cudaGetDevice(&of_device.location.id), "cudaGetDevice");
        check_cuda(cudaMemPoolCreate(&pool_, &of_device), "cudaMemPoolCreate");
        std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
        check_cuda(cudaMemPoolSetAttribute(pool_, cudaMemPoolAttrReleaseThreshold, &all), "cudaMemPoolSetAttribute");
    }
    ~stream_ordered_memory() override { cudaMemPoolDestroy(pool_); }

    void* allocate(std::size_t bytes, cudaStream_t stream) override {
        void* memory = nullptr;
        check_cuda(cudaMallocFromPoolAsync(&memory, bytes, pool_, stream), "cudaMallocFromPoolAsync");
        return memory;
    }
    void release(void* memory, std::size_t, cudaStream_t stream) noexcept override { cudaFreeAsync(memory, stream); }

private:
    cudaMemPool_t pool_ = nullptr;
};

/// The device and the stream on which a thread's verbs work, and where they get memory. By default it is the current
/// device's default stream, and cudaMalloc. Stream and memory are the caller's, and must outlive what uses them; all
/// work of a run belongs on one stream, or the caller sees to the order.
struct device_place {
    cudaStream_t stream = nullptr;
    device_memory* memory = nullptr; ///< none: cudaMalloc
    int device = this_device();

    /// This thread's.
    static device_place current() {
        auto place = of_thread();
        place.device = this_device();
        return place;
    }

    class scope;

private:
    // Without a device there is none to be set; the first call that needs one says so.
    static int this_device() noexcept {
        int device = 0;
        if (cudaGetDevice(&device) != cudaSuccess) cudaGetLastError();
        return device;
    }
    static device_place& of_thread() {
        thread_local device_place place{nullptr, nullptr, 0};
        return place;
    }
};

/// Makes a place this thread's until its end, and its device the current one.
class device_place::scope {
public:
    explicit scope(device_place const& place) : before_(current()) {
        if (place.device != before_.device) check_cuda(cudaSetDevice(place.device), "cudaSetDevice");
        of_thread() = place;
    }
    scope(scope const&) = delete;
    scope& operator=(scope const&) = delete;
    ~scope() {
        if (this_device() != before_.device) cudaSetDevice(before_.device);
        of_thread() = before_;
    }

private:
    device_place before_;
};

/// The device on which this thread's verbs work.
inline int device_of_thread() { return device_place::current().device; }

struct thrust_device;
template <>
struct place_of_backend<thrust_device> {
    using type = device_place;
};

/// What every Thrust algorithm of the library is told first: to work on this thread's stream, and not to wait unless it
/// returns a number.
inline auto device_policy() { return thrust::cuda::par_nosync.on(device_place::current().stream); }
/// The same, with an allocator for what it needs for a while.
template <class Allocator>
auto device_policy_with(Allocator allocator) {
    return thrust::cuda::par_nosync(std::move(allocator)).on(device_place::current().stream);
}

inline void* allocate_on_device(std::size_t bytes) {
    auto const place = device_place::current();
    if (place.memory != nullptr) return place.memory->allocate(bytes, place.stream);
    void* memory = nullptr;
    check_cuda(cudaMalloc(&memory, bytes), "cudaMalloc");
    return memory;
}
/// In the place where it was allocated.
inline void release_on_device(void* memory, std::size_t bytes) noexcept {
    auto const place = device_place::current();
    if (place.memory != nullptr)
        place.memory->release(memory, bytes, place.stream);
    else if (cudaFree(memory) != cudaSuccess) // CUDA reports here again what was thrown before
        cudaGetLastError();
}

/// n numbers from one kind of memory to the other, after what the stream has to do before. When it returns, all are
/// there.
template <class T>
void copy_to_device(T const* from, std::size_t n, T* to) {
    if (n == 0) return;
    auto const stream = device_place::current().stream;
    check_cuda(cudaMemcpyAsync(to, from, n * sizeof(T), cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
    check_cuda(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
}
template <class T>
void copy_to_host(T const* from, std::size_t n, T* to) {
    if (n == 0) return;
    auto const stream = device_place::current().stream;
    check_cuda(cudaMemcpyAsync(to, from, n * sizeof(T), cudaMemcpyDeviceToHost, stream), "cudaMemcpyAsync");
    check_cuda(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
}

/// The first of each of n records of so many bytes.
template <class T>
void copy_to_host(T const* from, std::size_t record_bytes, std::size_t n, T* to) {
    if (n == 0) return;
    auto const stream = device_place::current().stream;
    check_cuda(cudaMemcpy2DAsync(to, sizeof(T), from, record_bytes, sizeof(T), n, cudaMemcpyDeviceToHost, stream),
               "cudaMemcpy2DAsync");
    check_cuda(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
}

} // namespace terse
