// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

namespace terse {

/// What becomes of a worker's round.
enum class part : std::uint8_t {
    counts, ///< its message is in the mean
    late,   ///< its message comes too late: thrown away, and the worker keeps everything in its residual
    failed, ///< its message does not arrive, or damaged, and the worker, who learns of it, keeps everything
    lost,   ///< the same, but the worker does not learn of it: what was sent is gone
    absent, ///< it computes nothing and keeps its state
    crashed ///< the same, and its state is gone: it, or another in its place, will begin with an empty one
};

/// A worker in a round of a cluster where not all is well.
struct attendance {
    terse::part part = part::counts;
    bool duplicated = false; ///< the message travels twice; the second copy is noticed
    bool corrupted = false;  ///< the bytes of the message are damaged under way
    double delay = 0;        ///< seconds that it is held up

    bool counts() const { return part == part::counts; }
    bool computes() const { return part < part::absent; }
    /// Whether the worker's residual keeps all, as if it had sent nothing.
    bool keeps() const { return part == part::late || part == part::failed; }
};

} // namespace terse
