// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cuda/block.cuh>

namespace terse {
template <class B, class T>
struct sparse_entries;
}

namespace terse::kernel {

/// Sparse messages that a block goes through one after the other, so that what several say of one coordinate is added
/// up in their order. It sees of each what lies in its own range of coordinates; indices ascend, so it finds that by
/// bisection.
template <class T>
struct messages_in_turn {
    static constexpr unsigned most = 128; ///< of one launch, whose arguments are limited
    struct message {
        std::uint64_t const* indices;
        T const* values;
        std::size_t n;
    };
    struct shared {
        std::uint64_t begin[most], end[most]; ///< of the range, in each message
    };

    message all[most];
    unsigned count;

    /// put(i, value) for the entries of coordinates from, .., to - 1; all threads of the block meet before each message
    /// and at the end. What was written before is seen by all.
    template <unsigned Threads, class B, class F>
    __device__ void walk(B& b, shared& s, std::uint64_t from, std::uint64_t to, F put) const {
        for (auto k = b.thread(); k < count; k += Threads) {
            s.begin[k] = lower_bound(all[k], from);
            s.end[k] = lower_bound(all[k], to);
        }
        b.sync();
        auto next = entry_of(0, count > 0 ? s.begin[0] + b.thread() : 0, count > 0 ? s.end[0] : 0);
        for (unsigned k = 0; k < count; ++k) {
            auto const end = s.end[k];
            auto j = s.begin[k] + b.thread();
            auto now = next;
            if (k + 1 < count) next = entry_of(k + 1, s.begin[k + 1] + b.thread(), s.end[k + 1]); // before they meet
            while (j < end) {
                put(now.i, now.value);
                j += Threads;
                now = entry_of(k, j, end);
            }
            b.sync();
        }
    }

private:
    struct entry {
        std::uint64_t i;
        T value;
    };
    __device__ entry entry_of(unsigned k, std::uint64_t j, std::uint64_t end) const {
        return j < end ? entry{all[k].indices[j], all[k].values[j]} : entry{0, T(0)};
    }
    /// The first entry at i or above.
    __device__ static std::uint64_t lower_bound(message const& m, std::uint64_t i) {
        std::uint64_t begin = 0, n = m.n;
        while (n > 0) {
            auto const half = n / 2;
            bool const below = m.indices[begin + half] < i;
            begin = below ? begin + half + 1 : begin;
            n = below ? n - half - 1 : half;
        }
        return begin;
    }
};

/// start(messages, first, last) for as many messages at a time as go into a launch, at least once; whether they are the
/// first, and the last.
template <class T, class Device, class F>
void for_messages(std::span<sparse_entries<Device, T> const> messages, F start) {
    using some = messages_in_turn<T>;
    std::size_t next = 0;
    do {
        auto const n = std::min<std::size_t>(some::most, messages.size() - next);
        some now{{}, static_cast<unsigned>(n)};
        for (std::size_t k = 0; k < n; ++k) {
            auto const& m = messages[next + k];
            now.all[k] = {m.indices.data(), m.values.data(), m.indices.size()};
        }
        start(now, next == 0, next + n == messages.size());
        next += n;
    } while (next < messages.size());
}

} // namespace terse::kernel
