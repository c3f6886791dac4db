// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <source_location>
#include <utility>

#include <nccl.h>

#include <terse/cluster/nccl/nccl_error.cuh>

namespace terse::nccl {

/// What one rank makes and all ranks of a communicator must have: plain bytes, for MPI_Bcast, a file, a socket. Throws
/// nccl_error.
inline ncclUniqueId make_id() {
    ncclUniqueId id;
    if (auto const result = ncclGetUniqueId(&id); result != ncclSuccess)
        throw nccl_error("ncclGetUniqueId", result, -1, "", ncclGetLastError(nullptr), std::source_location::current());
    return id;
}

/// A communicator that is destroyed with it. A caller who has one already needs none of this.
class connection {
public:
    /// For all ranks to call, each with another device as its current one; waits for all of them. Throws nccl_error.
    connection(ncclUniqueId const& id, int ranks, int rank) {
        if (auto const result = ncclCommInitRank(&comm_, ranks, id, rank); result != ncclSuccess)
            throw nccl_error("ncclCommInitRank", result, rank, "begins", ncclGetLastError(nullptr),
                             std::source_location::current());
    }
    connection(connection&& other) noexcept : comm_(std::exchange(other.comm_, nullptr)) {}
    connection& operator=(connection const&) = delete;
    ~connection() {
        if (comm_ != nullptr) ncclCommDestroy(comm_);
    }

    ncclComm_t comm() const { return comm_; }

    /// Gives up: what waits on the device ends. For a rank that has seen an nccl_error, before its run is destroyed.
    void abort() noexcept {
        if (comm_ != nullptr) ncclCommAbort(std::exchange(comm_, nullptr));
    }

private:
    ncclComm_t comm_ = nullptr;
};

} // namespace terse::nccl
