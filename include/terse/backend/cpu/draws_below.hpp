// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/philox.hpp>
#include <terse/backend/cpu/philox_avx2.hpp>
#include <terse/backend/cpu/philox_avx512.hpp>
#include <terse/random.hpp>

namespace terse {

/// random.below(0, n), random.below(1, n), .., a batch at a time.
class draws_below {
public:
    draws_below(random_stream const& random, std::uint64_t n, instruction_set form = best_instruction_set())
        : random_(random), keys_(random.get_parameters()), n_(n), form_(form) {}

    /// The next of them, at least one and at most so many; they are valid until the next call.
    std::span<std::uint64_t const> next(std::size_t most) {
        auto const first = next_ % batch;
        auto const count = std::min(most, batch - first);
        make(first, count);
        next_ += count;
        return {room_.data() + first, count};
    }

private:
    static constexpr std::size_t batch = 2 * philox_batch::blocks; // two for each block

    void make([[maybe_unused]] std::size_t first, std::size_t count) {
#if defined(__x86_64__)
        if (form_ != instruction_set::portable) {
            if (first > 0) return; // the whole batch is there
            alignas(64) std::array<std::uint32_t, philox_batch::words> words;
            (form_ == instruction_set::avx512 ? avx512::make_blocks : avx2::make_blocks)(
                random_.get_parameters(), keys_, next_ / 2, words.data());
            for (std::size_t i = 0; i < batch; ++i) {
                auto const* const low = words.data() + philox_batch::at(i / 2) + i % 2 * (2 * philox_batch::stride);
                room_[i] = random_stream::below_of(low[0] | std::uint64_t{low[philox_batch::stride]} << 32, n_);
            }
            return;
        }
#endif
        for (std::size_t i = 0; i < count; ++i) room_[first + i] = random_.below(next_ + i, n_);
    }

    random_stream random_;
    philox_keys keys_;
    std::uint64_t n_;
    instruction_set form_;
    std::uint64_t next_ = 0;
    std::array<std::uint64_t, batch> room_;
};

} // namespace terse
