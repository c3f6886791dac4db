// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/random.hpp>

namespace terse {

template <class B>
class scratch;

/// Who computes, and when: all that a random choice may depend on.
struct worker_context {
    std::uint64_t seed = 0;
    std::uint64_t round = 0;  ///< counts from 0
    std::uint32_t worker = 0; ///< 0 .. workers - 1, or shared_by_all for the server
    std::uint32_t workers = 1;
    std::uint32_t local_step = 0;  ///< which of several gradients of this round (folder work/)
    std::uint32_t local_steps = 1; ///< how many there are in each round

    /// Which of all gradients of this worker this is: what a walk through data goes by.
    std::uint64_t gradient() const { return round * local_steps + local_step; }

    /// This worker's random numbers of this round.
    random_stream random(purpose use, std::uint64_t segment = 0) const { return {seed, use, worker, round, segment}; }
    /// Random numbers of this round that are the same on all workers.
    random_stream shared_random(purpose use, std::uint64_t segment = 0) const {
        return {seed, use, shared_by_all, round, segment};
    }
};

/// What a compressor is told besides its input.
template <class B>
struct context : worker_context {
    std::uint64_t segment = 0; ///< which part of the vector this is, for compressors that work in parts
    scratch<B>* temporary = nullptr;
    /// Whether anyone asks if a vector is finite; if not, it may be called so without a look.
    bool checks = true;

    /// The context of part i of this one's vector.
    context part(std::uint64_t i) const {
        auto inner = *this;
        inner.segment = (segment + 1) * 0x9e3779b97f4a7c15u + i;
        return inner;
    }

    random_stream own_stream(purpose use) const { return random(use, segment); }
    random_stream shared_stream(purpose use) const { return shared_random(use, segment); }
};

} // namespace terse
