// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <thrust/fill.h>

#include <terse/backend/cuda/bits.cuh>
#include <terse/backend/cuda/block.cuh>
#include <terse/backend/cuda/shares.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/thrust/philox.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>
#include <terse/random.hpp>

namespace terse::kernel {

/// The draws of a support: numbers below n, each a bit. As many are made as distinct ones are missing, and so again:
/// never more, so that the bits are the first distinct draws, in whatever order they are made.
struct support_draws {
    element::philox random;
    std::uint64_t n;
    std::uint64_t* bits;

    /// Sets the bit of draw i; whether it had not been.
    template <ThreadBlock B>
    __device__ bool make(B& b, std::uint64_t i) const {
        auto const block = random(i >> 1);
        auto const* const words = block.word + 2 * (i & 1);
        auto const drawn = below(words[0] | std::uint64_t{words[1]} << 32, n);
        auto const bit = std::uint64_t{1} << (drawn & 63);
        return (b.set_bits(bits + drawn / 64, bit) & bit) == 0;
    }

private:
    __extension__ typedef unsigned __int128 wide; // NOLINT(modernize-use-using): nvcc takes no other form

    // random_stream::below_of, on the device.
    __device__ static std::uint64_t below(std::uint64_t x, std::uint64_t n) {
        return static_cast<std::uint64_t>(static_cast<wide>(x) * n >> 64);
    }
};

/// What a round of draws leaves to the next ones.
struct draw_count {
    std::uint64_t made = 0;
    std::uint64_t missing;

    /// After rounds that found so many distinct numbers.
    __device__ draw_count(std::uint64_t wanted, std::uint64_t const* found, unsigned rounds) : missing(wanted) {
        for (unsigned r = 0; r < rounds; ++r) next(found[r]);
    }
    __device__ void next(std::uint64_t found) {
        made += missing;
        missing -= found;
    }
};

/// One round, by many blocks.
struct draw_round {
    static constexpr unsigned threads = 256;
    struct shared {
        block_sums<threads, std::uint64_t> sums;
    };

    support_draws draws;
    std::uint64_t wanted;
    std::uint64_t* found; ///< of each round; that of this one is zero at first
    unsigned round;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        draw_count const count(wanted, found, round);
        std::uint64_t mine = 0;
        for (auto i = b.index() * threads + b.thread(); i < count.missing; i += b.blocks() * threads)
            mine += draws.make(b, count.made + i) ? 1 : 0;
        auto const all = b.template shared<shared>().sums(b, mine).all;
        if (b.thread() == 0) b.add(found + round, all);
    }
};

/// All further rounds, by one block, when few are missing.
struct draw_rest {
    static constexpr unsigned threads = 512;
    struct shared {
        block_sums<threads, std::uint64_t> sums;
    };

    support_draws draws;
    std::uint64_t wanted;
    std::uint64_t const* found;
    unsigned rounds;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        draw_count count(wanted, found, rounds);
        while (count.missing > 0) {
            std::uint64_t mine = 0;
            for (std::uint64_t i = b.thread(); i < count.missing; i += threads)
                mine += draws.make(b, count.made + i) ? 1 : 0;
            auto const all = b.template shared<shared>().sums(b, mine).all;
            b.sync();
            count.next(all);
        }
    }
};

/// What is listed becomes an index.
struct as_indices {
    index_t* indices;

    __device__ void operator()(std::uint64_t n, std::uint64_t i) const { indices[n] = i; }
    __device__ void end(std::uint64_t) const {}
};

/// draw_support of cpu/draw_support.hpp, on the device and without a word to the host.
template <class Device, Launcher Launch>
void draw_support(Launch launch, random_stream const& random, std::size_t d, view<Device, index_t> indices,
                  scratch<Device>& temporary, std::size_t most_shares = shares::few) {
    constexpr unsigned rounds = 4; // then no more than two percent are missing
    if (indices.empty()) return;
    typename scratch<Device>::scope const scope(temporary);
    bool const inverted = indices.size() > d / 2;
    std::uint64_t const wanted = inverted ? d - indices.size() : indices.size();
    shares const words{(d + 63) / 64, most_shares};
    auto* const bits = temporary.template take<std::uint64_t>(words.n + rounds).data();
    auto* const found = bits + words.n;
    auto* const of_share = temporary.template take<std::uint64_t>(words.count()).data();
    thrust::fill_n(device_policy(), bits, words.n + rounds, std::uint64_t{0});
    if (wanted > 0) {
        support_draws const draws{{random.get_parameters()}, d, bits};
        for (unsigned r = 0; r < rounds; ++r)
            launch(draw_round{draws, wanted, found, r}, std::min<std::size_t>((wanted + 1023) / 1024, 4096));
        launch(draw_rest{draws, wanted, found, rounds}, 1);
    }
    chosen_bits const chosen{bits, d, inverted};
    launch(count_chosen{chosen, words, of_share}, words.count());
    launch(list_chosen<as_indices>{chosen, words, of_share, {indices.data()}}, words.count());
}

} // namespace terse::kernel
