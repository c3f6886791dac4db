// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <source_location>
#include <string>

#include <nccl.h>

#include <terse/error.hpp>

namespace terse::nccl {

/// A call of NCCL that failed, at once or later on the device: which, on which rank, what the rank was doing, why, and
/// where the call was made.
struct nccl_error : error {
    ncclResult_t code;
    int rank; ///< -1 before there is a communicator
    std::source_location where;

    nccl_error(char const* call, ncclResult_t failure, int on_rank, std::string const& doing, char const* last_error,
               std::source_location at)
        : error("nccl: " + std::string(at.file_name()) + ":" + std::to_string(at.line()) + ": " + call +
                (on_rank < 0 ? std::string() : " on rank " + std::to_string(on_rank) + ", which " + doing) + ": " +
                ncclGetErrorString(failure) + (last_error == nullptr || *last_error == 0 ? "" : ", ") +
                (last_error == nullptr ? "" : last_error)),
          code(failure), rank(on_rank), where(at) {}
};

} // namespace terse::nccl
