// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// GMC on several GPUs, one for each rank: MPI starts the ranks and hands out NCCL's id, messages go from GPU to GPU.
//   mpiexec -n 4 05_nccl
#include <chrono>
#include <cstdio>
#include <exception>

#include <mpi.h>
#include <thrust/execution_policy.h>
#include <thrust/transform.h>

#include <terse/nccl.cuh>

namespace {

// F_k(x) = 1/2 sum_i (x_i - k)^2 on rank k
struct gradient {
    float center;
    __host__ __device__ float operator()(float x) const { return x - center; }
};

// A GPU for each rank of a machine.
void choose_device() {
    MPI_Comm here = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here);
    int number = 0, devices = 0;
    MPI_Comm_rank(here, &number);
    MPI_Comm_free(&here);
    terse::check_cuda(cudaGetDeviceCount(&devices), "cudaGetDeviceCount");
    terse::check_cuda(cudaSetDevice(number % devices), "cudaSetDevice");
}

int train() {
    choose_device();
    // [connect]
    int rank = 0, ranks = 1;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    ncclUniqueId id{};
    if (rank == 0) id = terse::nccl::make_id();
    MPI_Bcast(&id, sizeof id, MPI_BYTE, 0, MPI_COMM_WORLD);
    terse::nccl::connection connection(id, ranks, rank);
    // [connect]

    // [train]
    thrust::device_vector<float> w(1000, 0.0f); // the same on all ranks
    auto run = terse::train(terse::gmc({.ratio = 0.1}),
                            terse::nccl::cluster{.comm = connection.comm(), .patience = std::chrono::minutes(2)}, w);
    try {
        for (int t = 0; t < 500; ++t)
            run.step(0.01, [](terse::worker_context at, auto x, auto g) {
                thrust::transform(thrust::device, x.data(), x.data() + x.size(), g.data(),
                                  gradient{static_cast<float>(at.worker)});
            });
    } catch (terse::nccl::nccl_error const&) {
        connection.abort(); // otherwise the device still waits for the others when the run gives its memory back
        throw;
    }
    // [train]

    float const wanted = 0.5f * static_cast<float>(ranks - 1), found = w[0];
    if (rank == 0)
        std::printf("%d ranks: w_0 = %g, the minimum is at %g; %llu bytes went up\n", ranks, static_cast<double>(found),
                    static_cast<double>(wanted), static_cast<unsigned long long>(run.traffic().total.up));
    return found - wanted < 0.1f && wanted - found < 0.1f ? 0 : 1;
}

} // namespace

int main(int count, char** arguments) {
    MPI_Init(&count, &arguments);
    int result = 1;
    try {
        result = train();
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    MPI_Finalize();
    return result;
}
