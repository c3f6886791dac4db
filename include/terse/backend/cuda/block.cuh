// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <thrust/functional.h> // brings __device__ to other compilers than nvcc

namespace terse::kernel {

/// Lanes of a warp.
inline constexpr unsigned warp = 32;

/// A kernel is a functor that is called by every thread of every block of a grid, with a block. It has
///     static constexpr unsigned threads;      // of a block, a multiple of 32
///     struct shared;                          // what the threads of a block share; undefined at first
///     template <ThreadBlock B> __device__ void operator()(B& b) const;
/// So it knows neither who runs it nor where: a GPU, or a test that runs threads one after the other in any order. All
/// threads of a block meet at the same sync(), and all lanes of a warp at the same ballot() and shuffle().
template <class B>
concept ThreadBlock = requires(B b, bool p, std::uint32_t n, std::uint64_t m, unsigned lane, std::uint32_t* narrow,
                               std::uint64_t* wide) {
    { b.index() } -> std::same_as<std::size_t>;               // which block
    { b.blocks() } -> std::same_as<std::size_t>;              // of how many
    { b.thread() } -> std::same_as<unsigned>;                 // which thread of the block
    b.sync();                                                 // what was written before is seen by the block
    { b.ballot(p) } -> std::same_as<std::uint32_t>;           // bit l is p of lane l
    { b.shuffle(n, lane) } -> std::same_as<std::uint32_t>;    // n of that lane
    { b.shuffle(m, lane) } -> std::same_as<std::uint64_t>;    //
    { b.add(narrow, n) } -> std::same_as<std::uint32_t>;      // adds in one piece, returns what was there
    { b.add(wide, m) } -> std::same_as<std::uint64_t>;        //
    { b.set_bits(narrow, n) } -> std::same_as<std::uint32_t>; // |=, in one piece, returns what was there
    { b.set_bits(wide, m) } -> std::same_as<std::uint64_t>;   // in shared memory a loop, where the narrow one is not
    b.lower(wide, m);                                         // to the smaller of both, in one piece
    b.fence();                                                // what was written before is seen before what comes after
    { b.template shared<std::uint64_t>() } -> std::same_as<std::uint64_t&>; // of this block
};

/// Whether a kernel can be the arguments of a launch: bytes that are copied, in the 4 KB that all devices have for
/// them.
template <class K>
constexpr bool fits_a_launch() {
    constexpr bool is_copied = std::is_trivially_copyable_v<K>, can_be_made = std::is_default_constructible_v<K>;
    return is_copied && can_be_made && sizeof(K) <= 4096 && K::threads % warp == 0;
}

/// Who starts kernels, one after the other: launch(kernel, blocks), or launch(kernels, blocks) for a span of kernels of
/// one type, each with so many blocks of its own, in as few launches as their arguments allow.
template <class L>
concept Launcher = std::copy_constructible<L>;

template <class B>
__device__ unsigned lane_of(B& b) {
    return b.thread() % warp;
}
template <class B>
__device__ unsigned warp_of(B& b) {
    return b.thread() / warp;
}
/// The lanes below.
template <class B>
__device__ std::uint32_t lanes_before(B& b) {
    return (std::uint32_t{1} << lane_of(b)) - 1;
}

__device__ inline unsigned count_bits(std::uint32_t x) {
#ifdef __CUDA_ARCH__
    return static_cast<unsigned>(__popc(x));
#else
    x -= x >> 1 & 0x55555555u;
    x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
    return ((x + (x >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
#endif
}

__device__ inline unsigned count_bits(std::uint64_t x) {
    return count_bits(static_cast<std::uint32_t>(x)) + count_bits(static_cast<std::uint32_t>(x >> 32));
}

/// The lowest lane of some, or any lane of none.
__device__ inline unsigned first_lane(std::uint32_t lanes) { return count_bits((lanes & (~lanes + 1)) - 1) % warp; }

/// x of this lane and all before it, added up. N is std::uint32_t or std::uint64_t.
template <class B, class N>
__device__ N sum_through_lane(B& b, N x) {
    for (unsigned step = 1; step < warp; step *= 2) {
        auto const before = b.shuffle(x, lane_of(b) < step ? lane_of(b) : lane_of(b) - step);
        if (lane_of(b) >= step) x += before;
    }
    return x;
}

/// Sums over the threads of a block.
template <unsigned Threads, class N>
struct block_sums {
    static constexpr unsigned warps = Threads / warp;
    static_assert(Threads % warp == 0 && warps <= warp);

    N of_warp[warps];

    struct result {
        N before; ///< of the threads before this one
        N all;
    };

    /// For all threads of the block. It is free for the next call, or another use, after the next sync().
    template <class B>
    __device__ result operator()(B& b, N x) {
        auto const through = sum_through_lane(b, x);
        if (lane_of(b) == warp - 1) of_warp[warp_of(b)] = through;
        b.sync();
        result r{through - x, 0};
        for (unsigned w = 0; w < warps; ++w) {
            if (w == warp_of(b)) r.before += r.all;
            r.all += of_warp[w];
        }
        return r;
    }
};

} // namespace terse::kernel
