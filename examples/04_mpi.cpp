// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// The ranks of an MPI program train one model:  mpiexec -n 4 04_mpi
// It prints the same distances on any number of ranks up to eight, because there are always eight workers.
#include <terse/mpi.hpp>
#include <terse/problem/random_quadratic.hpp>

#include <Eigen/Core>

#include <cstdio>
#include <exception>

int train() {
    // [train]
    auto const problem =
        terse::random_quadratic({.workers = 8, .dimension = 40}); // a rank needs its workers' data only
    Eigen::VectorXd w = Eigen::VectorXd::Zero(40);                // the same on all ranks
    auto sgd = terse::train(terse::gmc({.ratio = 0.1}), terse::mpi::cluster{.comm = MPI_COMM_WORLD, .workers = 8}, w);

    for (int t = 0; t < 2000; ++t) // called for the workers that this rank hosts
        sgd.step(0.005, [&](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });
    // [train]

    auto const best = problem.optimum();
    auto const optimum = Eigen::VectorXd::Map(best.data(), 40);
    int rank = 0, size = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (rank == 0)
        std::printf("%d ranks: distance to the optimum %.17g -> %.17g, bytes up %llu\n", size, optimum.norm(),
                    (w - optimum).norm(), static_cast<unsigned long long>(sgd.traffic().total.up));
    return (w - optimum).norm() < 0.1 * optimum.norm() ? 0 : 1;
}

// [main]
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
// [main]
