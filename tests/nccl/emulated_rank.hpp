// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "emulated_nccl.hpp"

/// What the emulated calls of NCCL and of CUDA have in common.
namespace emulated_nccl {

using bytes = std::vector<std::byte>;

struct parcel {
    std::string call; // what it was sent by, which must be what it is received by
    bytes content;
};

/// What all ranks of a communicator share.
struct world {
    std::mutex mutex;
    std::condition_variable arrived;
    std::map<std::pair<int, int>, std::deque<parcel>> mail; // by sender and receiver
};

/// What one call sends and receives. Everything of a group is sent before anything is received.
struct operation {
    ncclComm_t comm;
    std::string call;
    std::vector<std::pair<int, bytes>> sent;
    std::vector<std::pair<int, std::size_t>> expected; // from whom, how much
    std::function<void(std::vector<bytes> const&)> receive;
};

/// The stream that a thread has, and what the test wants of it.
struct stream {
    std::deque<std::function<void()>> copies; // that are under way
    bool asked = false, stuck = false;
    ncclResult_t failed = ncclSuccess;
    std::chrono::milliseconds patience{20'000};
    std::vector<operation> group;
    int depth = 0;
    emulated_nccl::handed handed;

    std::string failing_call;
    ncclResult_t failing_with = ncclSuccess;
    int fails_after = 0;

    void finish_copies() {
        for (; !copies.empty(); copies.pop_front()) copies.front()();
    }
    ncclResult_t injected(char const* call) {
        if (failing_call != call || fails_after-- > 0) return ncclSuccess;
        failing_call.clear();
        return failing_with;
    }
};
stream& here();

/// Does what a call, or a group of them, asks for.
ncclResult_t run(std::vector<operation> const& operations);
/// The same for one call, at once or when its group ends.
ncclResult_t begin(operation o);

} // namespace emulated_nccl

struct ncclComm {
    std::shared_ptr<emulated_nccl::world> all;
    int rank, size;
    std::string last_error;
};
