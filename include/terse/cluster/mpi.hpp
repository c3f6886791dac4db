// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <mpi.h>

#include <terse/cluster/mpi/communicator.hpp>
#include <terse/cluster/mpi/session.hpp>
#include <terse/cluster/ranks/agreement.hpp>
#include <terse/error.hpp>
#include <terse/random.hpp>
#include <terse/wire/header.hpp>

namespace terse::mpi {

/// The ranks of a communicator, each of which hosts one or more workers with consecutive numbers. Encoded messages go
/// to all ranks, or to one that is the server, and are folded in worker order, so that the bits of a run depend on the
/// number of workers alone. Everything that a run does is collective; train() duplicates the communicator. The program
/// calls MPI_Init and MPI_Finalize.
struct cluster {
    MPI_Comm comm = MPI_COMM_WORLD;
    std::uint32_t workers_per_rank = 1;
    /// All workers; 0 means workers_per_rank on each rank. If they do not divide evenly, the first ranks host one more.
    std::uint32_t workers = 0;
    /// Of each rank, for the workers that it hosts; more than one needs MPI_THREAD_FUNNELED.
    unsigned threads = 1;
    /// The bits of a run are the same in every way.
    mpi::exchange exchange = mpi::exchange::collective;
    /// The most bytes that one call of MPI moves; what is longer goes in several calls.
    std::size_t chunk_bytes = std::size_t{1} << 30;

    /// Throws configuration_error, on all ranks if it is not about MPI itself.
    session attach() const {
        require_mpi();
        communicator all(comm);
        ranks::require_same(all, std::array<named_number, 6>{{{"version of the wire format", wire::version},
                                                              {"number of workers", workers},
                                                              {"number of workers per rank", workers_per_rank},
                                                              {"threads", threads},
                                                              {"way of exchange", static_cast<std::uint64_t>(exchange)},
                                                              {"chunk size", chunk_bytes}}});
        all.throws_everywhere(true);
        auto const n = static_cast<std::uint32_t>(all.size());
        auto const total = std::uint64_t{workers_per_rank} * n;
        if (threads == 0) throw configuration_error("mpi: there must be at least one thread");
        if (chunk_bytes == 0 || chunk_bytes > std::numeric_limits<int>::max())
            throw configuration_error("mpi: chunk_bytes must lie in [1, 2^31)");
        if (workers == 0 && (total == 0 || total >= shared_by_all))
            throw configuration_error("mpi: there must be at least one worker, and fewer than 2^32 - 1");
        if (workers != 0 && workers_per_rank != 1 && workers != total)
            throw configuration_error("mpi: workers and workers_per_rank contradict each other");
        if (workers != 0 && workers < n)
            throw configuration_error("mpi: " + std::to_string(workers) + " workers for " + std::to_string(n) +
                                      " ranks, but each rank must host one");
        all.throws_everywhere(false);
        return {std::move(all), workers != 0 ? workers : static_cast<std::uint32_t>(total), threads, chunk_bytes,
                exchange};
    }

private:
    void require_mpi() const {
        int started = 0, ended = 0, level = 0;
        MPI_Initialized(&started);
        if (started != 0) MPI_Finalized(&ended);
        if (started == 0 || ended != 0)
            throw configuration_error(
                "mpi: a cluster lives between MPI_Init and MPI_Finalize, which are the program's");
        if (comm == MPI_COMM_NULL) throw configuration_error("mpi: the communicator is MPI_COMM_NULL");
        MPI_Query_thread(&level);
        if (threads > 1 && level < MPI_THREAD_FUNNELED)
            throw configuration_error("mpi: threads need MPI_Init_thread with MPI_THREAD_FUNNELED at least");
    }
};

} // namespace terse::mpi
