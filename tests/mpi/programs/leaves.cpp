// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// leaves <stage> <checkpoint> [kill]: one rank fails at this stage of the job: it throws, or is killed. All ranks must
// end soon, and not with success.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/method/saef.hpp>
#include <terse/mpi.hpp>
#include <terse/run/checkpoint.hpp>

namespace {

std::string stage;
bool kills = false;
int failing_rank = 0; ///< the last one, or the server
int rank = 0;
constexpr std::uint64_t failing_round = 30;

// As programs do it: finalises whatever happens, which alone would wait forever for ranks that wait for this one.
struct mpi_program {
    mpi_program() { MPI_Init(nullptr, nullptr); }
    ~mpi_program() { MPI_Finalize(); }
};

void fail_at(char const* here) {
    if (rank != failing_rank || stage != here) return;
    if (kills) std::raise(SIGKILL);
    throw std::runtime_error("failed at " + stage);
}

/// A message that cannot be written.
template <class B, class T>
struct message : terse::sparse_message<B, T> {
    std::uint64_t round = 0;

    void write(terse::wire::writer& out) const {
        if (round == failing_round) fail_at("exchange");
        terse::sparse_message<B, T>::write(out);
    }
    void share(message const&) {}
};

/// A compressor that fails as a worker's, or as the server's.
struct compressor {
    template <class B, class T>
    using message = ::message<B, T>;
    template <class B, class T>
    void compress(terse::input<B, T> in, message<B, T>& out, terse::context<B> at) const {
        if (at.round == failing_round) fail_at(at.worker == terse::shared_by_all ? "broadcast" : "take");
        out.round = at.round;
        terse::top_k{.count = 50}.compress(in, static_cast<terse::sparse_message<B, T>&>(out), at);
    }
};

void run(char const* checkpoint) {
    std::vector<float> w(1000, 1);
    fail_at("attach");
    auto sgd =
        terse::train(terse::saef_dc(compressor{}),
                     terse::mpi::cluster{.workers_per_rank = 2,
                                         .exchange = stage == "broadcast" ? terse::mpi::exchange::parameter_server
                                                                          : terse::mpi::exchange::collective},
                     w);
    for (std::uint64_t t = 0; t < 100'000; ++t) {
        sgd.step(0.1, [&](terse::worker_context at, auto x, auto g) {
            if (t == failing_round) fail_at("gradient");
            for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] - static_cast<float>(at.worker);
        });
        if (t != failing_round) continue;
        fail_at("callback");
        fail_at("uncaught");
        fail_at("checkpoint");
        if (stage == "checkpoint") terse::save_checkpoint(sgd, checkpoint);
    }
}

} // namespace

int main(int count, char** arguments) {
    stage = arguments[1];
    kills = count > 3;
    mpi_program const mpi;
    int size = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    failing_rank = stage == "broadcast" ? 0 : size - 1;
    if (stage == "uncaught") run(arguments[2]);
    try {
        run(arguments[2]);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "rank %d: %s\n", rank, e.what());
        if (stage == "attach") {                                         // there is no run yet that could do it
            std::this_thread::sleep_for(std::chrono::milliseconds(100)); // or MPICH may drop the line above
            MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
        }
        return EXIT_FAILURE;
    }
}
