// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <thrust/fill.h>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/cuda/shares.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/thrust/policy.cuh>

namespace terse {
template <class B, class T>
struct sparse_entries;
}

namespace terse::kernel {

/// Adds the entries of one message to a dense vector, in which only coordinates touched before mean something.
template <class T>
struct add_entries {
    static constexpr unsigned threads = 256;
    struct shared {};

    std::uint64_t const* indices; ///< distinct
    T const* values;
    std::size_t n;
    T* sums;
    std::uint64_t* touched; ///< a bit for each coordinate

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        for (auto j = b.index() * threads + b.thread(); j < n; j += b.blocks() * threads) {
            auto const i = indices[j];
            auto const bit = std::uint64_t{1} << (i & 63);
            bool const before = (b.set_bits(touched + i / 64, bit) & bit) != 0;
            sums[i] = (before ? sums[i] : T(0)) + values[j];
        }
    }
};

/// How many coordinates are touched, in each share of the words.
struct count_touched {
    static constexpr unsigned threads = 256;
    struct shared {
        block_sums<threads, std::uint64_t> sums;
    };

    std::uint64_t const* touched;
    kernel::shares words;
    std::uint64_t* of_share;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        std::uint64_t mine = 0;
        for (auto w = words.begin(b.index()) + b.thread(); w < words.end(b.index()); w += threads)
            mine += count_bits(touched[w]);
        auto const all = b.template shared<shared>().sums(b, mine).all;
        if (b.thread() == 0) of_share[b.index()] = all;
    }
};

/// Writes what is touched in index order, and at last how much that is.
template <class T>
struct write_touched {
    static constexpr unsigned threads = 256;
    struct shared {
        block_sums<threads, std::uint64_t> sums;
    };

    T const* sums;
    std::uint64_t const* touched;
    kernel::shares words;
    std::uint64_t const* of_share;
    std::uint64_t* indices;
    T* values;
    std::uint64_t* found;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        std::uint64_t mine = 0;
        for (std::size_t share = b.thread(); share < b.index(); share += threads) mine += of_share[share];
        auto to = s.sums(b, mine).all;
        b.sync();
        auto const end = words.end(b.index());
        for (auto first = words.begin(b.index()); first < end; first += threads) {
            auto const w = first + b.thread();
            auto const word = w < end ? touched[w] : 0;
            auto const here = s.sums(b, std::uint64_t{count_bits(word)});
            b.sync();
            auto at = to + here.before;
            for (auto rest = word; rest != 0; rest &= rest - 1) {
                auto const i = 64 * w + count_bits((rest & (~rest + 1)) - 1);
                indices[at] = i;
                values[at++] = sums[i];
            }
            to += here.all;
        }
        if (b.thread() == 0 && b.index() == b.blocks() - 1) *found = to;
    }
};

/// merge_sparse by kernels. Besides the entries, a bit for each coordinate is written once and read twice; the dense
/// vector of sums is neither cleared nor read through. Waits for the device, to say how many entries there are.
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
    thrust::fill_n(device_policy(), touched, words.n, std::uint64_t{0});
    for (auto const& m : messages)
        if (auto const n = m.indices.size(); n > 0)
            launch(add_entries<T>{m.indices.data(), m.values.data(), n, sums, touched},
                   std::min<std::size_t>((n + 1023) / 1024, 4096));
    launch(count_touched{touched, words, of_share}, words.count());
    launch(write_touched<T>{sums, touched, words, of_share, indices.data(), values.data(), found}, words.count());
    std::uint64_t n = 0;
    copy_to_host(found, 1, &n);
    return n;
}

} // namespace terse::kernel
