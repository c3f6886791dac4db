// expect: nccl carries messages in device memory: train a device vector, or use terse/mpi.hpp - docs/nccl.md
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#define THRUST_DEVICE_SYSTEM THRUST_DEVICE_SYSTEM_CPP
#include <vector>

#include <terse/nccl.cuh>
#include <terse/terse.hpp>

#ifdef TERSE_EXPECT_ERROR
using vector = std::vector<float>;
#else
using vector = thrust::device_vector<float>;
#endif

void train(ncclComm_t comm) {
    vector w(10);
    auto sgd = terse::train(terse::gmc(), terse::nccl::cluster{.comm = comm}, w);
    sgd.step(0.1, [](terse::worker_context, auto, auto) {});
}

int main() {}
