// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include <terse/cluster/nccl/communicator.cuh>
#include <terse/cluster/nccl/connection.cuh>
#include <terse/cluster/nccl/session.cuh>
#include <terse/cluster/ranks/agreement.hpp>
#include <terse/error.hpp>

namespace terse::nccl {

/// The ranks of a communicator of NCCL's, each of which is one worker, and has a GPU. Messages go from device to
/// device, on the stream of the thread that calls train() and step(), see device_place. Everything that a run does is
/// collective. The communicator is the caller's and must outlive the run; nobody else uses it meanwhile, and the
/// current device is its device.
struct cluster {
    ncclComm_t comm = nullptr;
    nccl::exchange exchange = nccl::exchange::collective;
    /// How long to wait for other ranks before nccl_error; 0 means forever.
    std::chrono::milliseconds patience{0};

    /// Throws nccl_error, or configuration_error, on all ranks if it is not about this rank's arguments alone.
    session attach() const {
        if (comm == nullptr) throw configuration_error("nccl: there is no communicator");
        if (patience.count() < 0) throw configuration_error("nccl: patience must not be negative");
        communicator all(comm, patience);
        require_device(all);
        ranks::require_same(all,
                            std::array<named_number, 1>{{{"way of exchange", static_cast<std::uint64_t>(exchange)}}});
        return {std::move(all), exchange};
    }

private:
    static void require_device(communicator const& all) {
        int current = 0;
        check_cuda(cudaGetDevice(&current), "cudaGetDevice");
        if (auto const its = all.device(); its != current)
            throw configuration_error("nccl: the communicator is of device " + std::to_string(its) +
                                      ", but the current one is " + std::to_string(current) +
                                      ", see cudaSetDevice, device_place");
    }
};

} // namespace terse::nccl
