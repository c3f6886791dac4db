// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/cuda/shares.cuh>

namespace terse::kernel {

/// The bits of d coordinates, 64 in a word: those that are set, or those that are not.
struct chosen_bits {
    std::uint64_t const* words;
    std::size_t d;
    bool inverted = false;

    __device__ std::uint64_t operator[](std::size_t w) const {
        auto const word = inverted ? ~words[w] : words[w];
        return 64 * w + 64 <= d ? word : word & ((std::uint64_t{1} << (d % 64)) - 1);
    }
};

/// How many bits there are, in each share of the words.
struct count_chosen {
    static constexpr unsigned threads = 256;
    struct shared {
        block_sums<threads, std::uint64_t> sums;
    };

    chosen_bits bits;
    kernel::shares words;
    std::uint64_t* of_share;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        std::uint64_t mine = 0;
        for (auto w = words.begin(b.index()) + b.thread(); w < words.end(b.index()); w += threads)
            mine += count_bits(bits[w]);
        auto const all = b.template shared<shared>().sums(b, mine).all;
        if (b.thread() == 0) of_share[b.index()] = all;
    }
};

/// out(n, i) for the n-th bit, which is that of coordinate i; and out.end(how many there are).
template <class Out>
struct list_chosen {
    static constexpr unsigned threads = 256;
    struct shared {
        block_sums<threads, std::uint64_t> sums;
    };

    chosen_bits bits;
    kernel::shares words;
    std::uint64_t const* of_share; ///< how many bits there are
    Out out;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        std::uint64_t mine = 0;
        for (std::size_t share = b.thread(); share < b.index(); share += threads) mine += of_share[share];
        auto next = s.sums(b, mine).all;
        b.sync();
        auto const end = words.end(b.index());
        for (auto first = words.begin(b.index()); first < end; first += threads) {
            auto const w = first + b.thread();
            auto const word = w < end ? bits[w] : 0;
            auto const here = s.sums(b, std::uint64_t{count_bits(word)});
            b.sync();
            auto n = next + here.before;
            for (auto rest = word; rest != 0; rest &= rest - 1) out(n++, 64 * w + count_bits((rest & (~rest + 1)) - 1));
            next += here.all;
        }
        if (b.thread() == 0 && b.index() == b.blocks() - 1) out.end(next);
    }
};

} // namespace terse::kernel
