// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/sketch_plan.hpp>
#include <terse/backend/thrust/sketch_order.cuh>
#include <terse/backend/thrust/sketch_place.cuh>
#include <terse/backend/view.hpp>

namespace terse::kernel {

/// A row of the sketch of x. Sixteen consecutive threads have a group of buckets, a bucket each, and walk the blocks of
/// the group in ascending order: each hashes one of sixteen for all of them, and reads its coordinate of all sixteen
/// before it adds the first.
template <class T>
struct add_blocks_in_order {
    static constexpr unsigned cells = sketch_block;
    static constexpr unsigned threads = 64; ///< few, so that a table of some hundred groups keeps a whole device busy
    static constexpr unsigned at_once = threads / cells;
    static_assert(2 * cells == warp);
    struct shared {};

    element::row_hashing hashing;
    T const* x;
    std::size_t d;
    std::uint32_t const* order;
    std::uint32_t const* begins;
    std::size_t groups;
    T* row;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const group = b.index() * at_once + b.thread() / cells;
        auto const cell = lane_of(b) % cells;
        auto const first = lane_of(b) - cell;
        bool const there = group < groups;
        auto const begin = there ? begins[group] : 0;
        auto const count = there ? begins[group + 1] - begin : 0;
        auto const other = b.shuffle(count, lane_of(b) ^ cells);
        auto const longest = count > other ? count : other; // both groups of a warp meet at the same shuffles
        auto const block_at = [&](std::uint32_t n) { return n < count ? order[begin + n] : 0; };
        T sum = 0;
        auto block = block_at(cell);
        for (std::uint32_t n = 0; n < longest; n += cells) {
            auto const code = static_cast<std::uint32_t>(hashing.hash(block)); // its low bits: the lane, and signs
            T v[cells];
            for (unsigned u = 0; u < cells; ++u) {
                auto const h = b.shuffle(code, first + u);
                auto const lane = cell ^ (h & 15);
                auto const i = std::uint64_t{16} * b.shuffle(block, first + u) + lane;
                T const here = n + u < count && i < d ? x[i] : T(0);
                v[u] = (h >> (4 + lane) & 1) != 0 ? -here : here;
            }
            block = block_at(n + cells + cell);
            for (unsigned u = 0; u < cells; ++u) sum += v[u]; // a zero too many changes no sum that began with +0
        }
        if (there) row[cells * group + cell] = sum;
    }
};

/// table = the sketch of x, all rows in one launch, or in as few as their arguments allow.
template <class T, class Device, Launcher Launch>
void sketch_blocks(Launch launch, view<Device, T const> x, sketch_plan const& plan, sketch_order<Device> const& order,
                   view<Device, T> table) {
    using row = add_blocks_in_order<T>;
    std::vector<row> rows;
    for (std::size_t r = 0; r < plan.rows.size(); ++r)
        rows.push_back({element::hashing_of(plan, r), x.data(), x.size(), order.order_of(r), order.begins_of(r),
                        order.groups, table.data() + r * plan.columns});
    if (!rows.empty()) launch(std::span(std::as_const(rows)), (order.groups + row::at_once - 1) / row::at_once);
}

} // namespace terse::kernel
