// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <vector>

#include <nccl.h>

/// NCCL, and the little of CUDA's runtime that terse's cluster calls, for ranks that are threads of this process and
/// whose devices are the host: it is linked in the place of both, so that the real code runs with Thrust's host
/// systems.
///
/// It is stricter than NCCL: where ranks do not ask for the same, the call fails, and where one is missing, it does not
/// wait forever. What is copied to the host is there when the stream has been asked, and no sooner.
namespace emulated_nccl {

/// f(rank, communicator) on as many threads; what they threw, by rank.
std::vector<std::exception_ptr> on_ranks(int ranks, std::function<void(int, ncclComm_t)> const& f);

/// This call of this thread fails, after so many that do not.
void fail(char const* call, ncclResult_t result, int after = 0);
/// Work that this thread has given to NCCL fails on the device.
void fail_on_the_device(ncclResult_t result);
/// So long does a collective call of this thread wait for its peers; then its stream is stuck.
void wait_for_peers(std::chrono::milliseconds limit);

/// What this thread has handed to NCCL: bytes, to each peer, and calls on the stream (a group is one); and how often it
/// has waited for its stream.
struct handed {
    std::uint64_t bytes = 0, calls = 0, waits = 0;
};
handed handed_over();
/// Whether a group of this thread has begun and not ended.
bool in_group();

} // namespace emulated_nccl
