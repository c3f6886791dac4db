// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <concepts>
#include <vector>

#include "device.cuh"
#include "methods.hpp"

BOOST_AUTO_TEST_SUITE(streams)

using namespace terse;
using namespace terse_test;

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA

namespace {

struct gradient_of_square {
    __host__ __device__ float operator()(float x) const { return 2 * x; }
};

// A pool that takes note of what is asked for on which stream.
struct counting_memory : stream_ordered_memory {
    cudaStream_t expected;
    int taken = 0, given_back = 0, elsewhere = 0;

    void* allocate(std::size_t bytes, cudaStream_t stream) override {
        ++taken;
        elsewhere += stream == expected ? 0 : 1;
        return stream_ordered_memory::allocate(bytes, stream);
    }
    void release(void* memory, std::size_t bytes, cudaStream_t stream) noexcept override {
        ++given_back;
        elsewhere += stream == expected ? 0 : 1;
        stream_ordered_memory::release(memory, bytes, stream);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_run_is_where_its_caller_is) {
    thrust::device_vector<float> w(5000, 1.0f), wanted(5000, 1.0f);
    cudaStream_t stream = nullptr;
    check_cuda(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    counting_memory memory;
    memory.expected = stream;
    check_cuda(cudaDeviceSynchronize(), "cudaDeviceSynchronize"); // w is made on the default stream
    {
        // [stream]
        terse::device_place::scope const here({.stream = stream, .memory = &memory});
        auto run = terse::train(terse::gmc({.ratio = 0.1}), terse::simulated{.workers = 4, .threads = 2}, w);
        run.step(0.1, [](terse::worker_context, auto x, auto g) {
            auto const mine = terse::device_place::current().stream;
            thrust::transform(thrust::cuda::par_nosync.on(mine), x.data(), x.data() + x.size(), g.data(),
                              gradient_of_square());
        });
        // [stream]
        BOOST_TEST(memory.taken > 0);
    }
    check_cuda(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
    BOOST_TEST(memory.given_back == memory.taken);
    BOOST_TEST(memory.elsewhere == 0);
    BOOST_TEST(device_place::current().stream == nullptr);

    auto run = train(gmc({.ratio = 0.1}), simulated{.workers = 4}, wanted);
    run.step(0.1, [](worker_context, auto x, auto g) {
        thrust::transform(thrust::device, x.data(), x.data() + x.size(), g.data(), gradient_of_square());
    });
    BOOST_TEST((w == wanted));
    check_cuda(cudaStreamDestroy(stream), "cudaStreamDestroy");
}

BOOST_AUTO_TEST_CASE(a_failed_call_is_an_error_that_names_it) {
    BOOST_CHECK_EXCEPTION(check_cuda(cudaSetDevice(-1), "cudaSetDevice"), cuda_error, [](cuda_error const& e) {
        auto const text = std::string(e.what());
        return text.find("streams.cu:") != std::string::npos && text.find("cudaSetDevice: cudaError") != text.npos &&
               e.code != cudaSuccess;
    });
    check_cuda(cudaGetLastError(), "cudaGetLastError"); // it was told once
}

#else

// A host has no streams: there is no place to be, and nothing to be carried to other threads.
BOOST_AUTO_TEST_CASE(a_host_has_none) {
    BOOST_TEST((std::same_as<place_of<thrust_device>, nowhere>));
    auto const anywhere = trajectory<thrust_device, float>(gmc({.ratio = 0.1}), 100, 4, {.workers = 2});
    device_place::scope const here(device_place::current());
    BOOST_TEST((trajectory<thrust_device, float>(gmc({.ratio = 0.1}), 100, 4, {.workers = 2}) == anywhere));
}

#endif

BOOST_AUTO_TEST_SUITE_END()
