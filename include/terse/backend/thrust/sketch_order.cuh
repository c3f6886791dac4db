// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <thrust/binary_search.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>
#include <thrust/tabulate.h>

#include <terse/backend/buffer.hpp>
#include <terse/backend/sketch_plan.hpp>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/thrust/sketch_place.cuh>
#include <terse/backend/view.hpp>
#include <terse/error.hpp>

namespace terse {

/// Sorts n items of a row by their groups, stably: `groups` becomes these, ascending; `order` the numbers of the items;
/// and `begins` where each group begins, and the end of the last.
template <class Items, class B>
void sort_by_group(Items const& items, view<B, std::uint32_t> groups, view<B, std::uint32_t> order,
                   view<B, std::uint32_t> begins) {
    auto* const keys = groups.data();
    auto* const end = keys + groups.size();
    thrust::tabulate(device_policy(), keys, end, element::group_of<Items>{items});
    thrust::sequence(device_policy(), order.data(), order.data() + order.size());
    thrust::stable_sort_by_key(device_policy(), keys, end, order.data());
    thrust::counting_iterator<std::uint32_t> const group(0);
    thrust::lower_bound(device_policy(), keys, end, group, group + static_cast<std::ptrdiff_t>(begins.size()),
                        begins.data());
}

/// The order in which the buckets of a table see the blocks of a vector of d coordinates. The hashes alone decide it,
/// so it is made once for all vectors: four bytes for each block in each row.
template <class B>
struct sketch_order {
    std::size_t d;
    std::size_t columns;
    std::vector<sketch_hash> rows;
    int device; ///< in whose memory it is

    std::size_t blocks;              ///< of the vector
    std::size_t groups;              ///< of a row
    buffer<B, std::uint32_t> order;  ///< row by row, blocks by their groups, and within these ascending
    buffer<B, std::uint32_t> begins; ///< row by row, where each group begins in the row's order, and the end

    sketch_order(sketch_plan const& plan, std::size_t size)
        : d(size), columns(plan.columns), rows(plan.rows), device(device_of_thread()),
          blocks((d + sketch_block - 1) / sketch_block), groups(columns / sketch_block) {
        if (blocks > std::numeric_limits<std::uint32_t>::max() - sketch_block)
            throw dimension_error("a sketch of " + std::to_string(d) +
                                  " coordinates: the vector is too long; blocks are numbered in 32 bits");
        order.resize(rows.size() * blocks);
        begins.resize(rows.size() * (groups + 1));
        buffer<B, std::uint32_t> keys(blocks);
        for (std::size_t r = 0; r < rows.size(); ++r)
            sort_by_group(element::blocks_of_row{element::hashing_of(plan, r)}, view<B, std::uint32_t>(keys),
                          order.part(r * blocks, blocks), begins.part(r * (groups + 1), groups + 1));
        std::uint32_t last = 0; // to wait for it: who uses it next may be on another stream
        if (!begins.empty()) copy_to_host(begins.data() + begins.size() - 1, 1, &last);
    }

    bool fits(sketch_plan const& plan, std::size_t size) const {
        return d == size && columns == plan.columns && rows == plan.rows && device == device_of_thread();
    }

    std::uint32_t const* order_of(std::size_t row) const { return order.data() + row * blocks; }
    std::uint32_t const* begins_of(std::size_t row) const { return begins.data() + row * (groups + 1); }
};

/// That of a plan with blocks, which keeps it, for one d and one device. Throws dimension_error for a vector of some
/// 2^36 coordinates, whose blocks have no numbers of 32 bits.
template <class B>
std::shared_ptr<sketch_order<B> const> order_of(sketch_plan const& plan, std::size_t d) {
    return plan.order.get<sketch_order<B>>([&](sketch_order<B> const& o) { return o.fits(plan, d); },
                                           [&] { return sketch_order<B>(plan, d); });
}

} // namespace terse
