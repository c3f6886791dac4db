// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// leaves <stage>: the last rank fails at this stage and nobody handles it well. However it does, all ranks must end
// soon, and not with success.
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <terse/mpi.hpp>

namespace {

// As programs do it: finalises whatever happens, which alone would wait forever for ranks that wait for this one.
struct mpi_program {
    mpi_program() { MPI_Init(nullptr, nullptr); }
    ~mpi_program() { MPI_Finalize(); }
};

void run(std::string const& stage, bool fails) {
    auto const fail_at = [&](char const* here) {
        if (!fails || stage != here) return;
        if (stage == "kill") std::raise(SIGKILL);
        throw std::runtime_error("failed at " + stage);
    };
    std::vector<float> w(1000, 1);
    auto sgd = terse::train(terse::gmc({.ratio = 0.1}), terse::mpi::cluster{.workers_per_rank = 2}, w);
    for (int t = 0; t < 100'000; ++t) {
        sgd.step(0.1, [&](terse::worker_context at, auto x, auto g) {
            if (t == 30) fail_at("gradient");
            if (t == 30) fail_at("kill");
            for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] - static_cast<float>(at.worker);
        });
        if (t == 30) fail_at("callback");
        if (t == 30) fail_at("uncaught");
    }
}

} // namespace

int main(int, char** arguments) {
    std::string const stage = arguments[1];
    mpi_program const mpi;
    int rank = 0, size = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    bool const fails = rank == size - 1;
    if (stage == "uncaught") run(stage, fails);
    try {
        run(stage, fails);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "rank %d: %s\n", rank, e.what());
        return 1;
    }
}
