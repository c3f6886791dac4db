// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cuda/bits.cuh>
#include <terse/backend/cuda/block.cuh>
#include <terse/backend/cuda/messages.cuh>
#include <terse/backend/cuda/shares.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/thrust/policy.cuh>

namespace terse::kernel {

/// Adds the entries of messages to a dense vector, in which only coordinates touched before mean something, and counts
/// what is touched. A block has a share of the coordinates, in words of 64, and goes through it in pieces whose bits
/// fit its shared memory.
template <class T>
struct merge_entries {
    static constexpr unsigned threads = 256;
    static constexpr unsigned words_at_once = 2048;
    struct shared {
        std::uint64_t touched[words_at_once];
        typename messages_in_turn<T>::shared messages;
        block_sums<threads, std::uint64_t> sums;
    };

    messages_in_turn<T> messages;
    bool first; ///< of several launches: nothing is touched yet
    T* sums;
    std::uint64_t* touched; ///< a bit for each coordinate
    kernel::shares words;
    std::uint64_t* of_share; ///< how many coordinates are touched

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        auto const end = words.end(b.index());
        std::uint64_t mine = 0;
        for (auto begin = words.begin(b.index()); begin < end; begin += words_at_once) {
            auto const n = end - begin < words_at_once ? end - begin : words_at_once;
            for (std::size_t w = b.thread(); w < n; w += threads) s.touched[w] = first ? 0 : touched[begin + w];
            messages.template walk<threads>(b, s.messages, 64 * begin, 64 * (begin + n), [&](std::uint64_t i, T value) {
                auto const bit = std::uint64_t{1} << (i & 63);
                bool const before = (b.set_bits(s.touched + (i / 64 - begin), bit) & bit) != 0;
                sums[i] = (before ? sums[i] : T(0)) + value;
            });
            for (std::size_t w = b.thread(); w < n; w += threads) { // the thread that cleared a word reads it
                touched[begin + w] = s.touched[w];
                mine += count_bits(s.touched[w]);
            }
        }
        auto const all = s.sums(b, mine).all;
        if (b.thread() == 0) of_share[b.index()] = all;
    }
};

/// What is listed becomes an entry.
template <class T>
struct as_entries {
    T const* sums;
    std::uint64_t* indices;
    T* values;
    std::uint64_t* found;

    __device__ void operator()(std::uint64_t n, std::uint64_t i) const {
        indices[n] = i;
        values[n] = sums[i];
    }
    __device__ void end(std::uint64_t n) const { *found = n; }
};

/// merge_sparse by kernels, in as many launches for many messages as for one, or as few as their arguments allow.
/// Besides the entries, a bit for each coordinate is written and read once; the dense vector of sums is neither cleared
/// nor read through. Waits for the device, to say how many entries there are.
template <class T, class Device, Launcher Launch>
std::size_t merge(Launch launch, std::span<sparse_entries<Device, T> const> messages, std::size_t d,
                  view<Device, index_t> indices, view<Device, T> values, scratch<Device>& temporary,
                  std::size_t most_shares = shares::few) {
    typename scratch<Device>::scope const scope(temporary);
    shares const words{(d + 63) / 64, most_shares};
    if (words.n == 0) return 0;
    auto* const sums = temporary.template take<T>(d).data();
    auto* const touched = temporary.template take<std::uint64_t>(words.n).data();
    auto* const of_share = temporary.template take<std::uint64_t>(words.count() + 1).data();
    auto* const found = of_share + words.count();
    for_messages<T>(messages, [&](messages_in_turn<T> const& some, bool first, bool) {
        launch(merge_entries<T>{some, first, sums, touched, words, of_share}, words.count());
    });
    launch(list_chosen<as_entries<T>>{{touched, d}, words, of_share, {sums, indices.data(), values.data(), found}},
           words.count());
    std::uint64_t n = 0;
    copy_to_host(found, 1, &n);
    return n;
}

} // namespace terse::kernel
