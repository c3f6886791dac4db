// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/cuda/fixed_order.cuh>
#include <terse/backend/cuda/sources.cuh>
#include <terse/backend/view.hpp>

namespace terse::kernel {

/// The signs of a source's numbers as bits, 1 where v >= 0, and the sum of their magnitudes in each block of the fixed
/// order. A thread has one lane of that order: half a warp walks through a block, and its ballots are the bits.
template <class T, class Source>
struct collect_signs {
    static constexpr unsigned threads = 256;
    static constexpr unsigned blocks_at_once = threads / fixed_order::lanes;
    static constexpr unsigned steps_of_word = 64 / fixed_order::lanes;
    static_assert(fixed_order::block % 64 == 0);
    struct shared {};

    Source source;
    std::size_t d;
    std::uint64_t* words;
    double* sums; ///< of blocks

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const lane = lane_of(b) % fixed_order::lanes;
        auto const half = lane_of(b) / fixed_order::lanes;
        auto const number = b.index() * blocks_at_once + b.thread() / fixed_order::lanes;
        auto const begin = number * fixed_order::block;
        double sum = 0;
        for (std::size_t first = 0; first < fixed_order::block; first += 64) {
            auto const at = [&](unsigned step) { return begin + first + step * fixed_order::lanes + lane; };
            T v[steps_of_word]; // all on their way before the first is written
            for (unsigned step = 0; step < steps_of_word; ++step) v[step] = at(step) < d ? source(at(step)) : T(0);
            std::uint64_t word = 0;
            for (unsigned step = 0; step < steps_of_word; ++step) {
                bool const there = at(step) < d;
                if (there) source.put(at(step), v[step]);
                auto const x = static_cast<double>(v[step]);
                sum += x < 0 ? -x : x;
                auto const signs = b.ballot(there && v[step] >= 0) >> half * fixed_order::lanes & 0xffffu;
                word |= static_cast<std::uint64_t>(signs) << step * fixed_order::lanes;
            }
            if (lane == 0 && begin + first < d) words[(begin + first) / 64] = word;
        }
        sum = sum_of_lanes(b, sum);
        if (lane == 0 && begin < d) sums[number] = sum;
    }
};

/// A source whose signs go to `words`.
template <class Device, class Source>
struct signs_of {
    Source source;
    view<Device, std::uint64_t> words;
};

/// The signs of several sources of d coordinates, and the sum of the magnitudes of each in the fixed order, in as many
/// launches as for one. Waits for the device, once, and adds up what is one number for each block here. `sums` has room
/// for all of these.
template <class T, class Device, Launcher Launch, class Source>
std::vector<double> take_signs(Launch launch, std::span<signs_of<Device, Source> const> all, std::size_t d,
                               view<Device, double> sums) {
    if (d == 0 || all.empty()) return std::vector<double>(all.size());
    using of_source = collect_signs<T, Source>;
    auto const n = blocks_in_order(d);
    std::vector<of_source> kernels;
    for (std::size_t i = 0; i < all.size(); ++i)
        kernels.push_back({all[i].source, d, all[i].words.data(), sums.data() + i * n});
    launch(std::span(std::as_const(kernels)), (n + of_source::blocks_at_once - 1) / of_source::blocks_at_once);
    return add_up_blocks(sums, all.size());
}

} // namespace terse::kernel
